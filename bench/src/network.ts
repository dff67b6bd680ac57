import { CrossEntropyLoss, Dropout, Flatten, Linear, ReLU, Sequential } from '@dl/nn';
import { Adam } from '@dl/optim';
import { adopt, type Tensor } from '@dl/tensor';

/** One step of the guide's first network with its optimizer. */
export function guideTraining(): (images: Tensor, labels: Tensor) => Promise<Tensor> {
  const model = new Sequential(
    new Flatten(),
    new Linear(784, 256),
    new ReLU(),
    new Dropout(0.2),
    new Linear(256, 128),
    new ReLU(),
    new Dropout(0.2),
    new Linear(128, 10),
  );
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr: 0.001 });
  return async (images, labels) => {
    optimizer.zeroGrad();
    const loss = criterion(model(images), labels);
    loss.backward();
    await optimizer.step();
    return loss;
  };
}

/** A batch of made-up digits. */
export function madeUpBatch(): [images: Tensor, labels: Tensor] {
  const pixels = Uint8Array.from({ length: 64 * 784 }, () => Math.floor(Math.random() * 256));
  const labels = Int32Array.from({ length: 64 }, () => Math.floor(Math.random() * 10));
  return [adopt(pixels, [64, 1, 28, 28]).float().div(255), adopt(labels, [64])];
}
