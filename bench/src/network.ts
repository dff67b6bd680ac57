import { CrossEntropyLoss, Dropout, Flatten, Linear, ReLU, Sequential } from '@dl/nn';
import { Adam } from '@dl/optim';
import { adopt, type Tensor } from '@dl/tensor';

/** The guide's first network with its optimizer, on made-up digits. */
export function guideTraining(): () => Promise<Tensor> {
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
  return async () => {
    optimizer.zeroGrad();
    const loss = criterion(model(images().float().div(255)), labels());
    loss.backward();
    await optimizer.step();
    return loss;
  };
}

function images(): Tensor {
  return adopt(
    Uint8Array.from({ length: 64 * 784 }, () => Math.floor(Math.random() * 256)),
    [64, 1, 28, 28],
  );
}

function labels(): Tensor {
  return adopt(
    Int32Array.from({ length: 64 }, () => Math.floor(Math.random() * 10)),
    [64],
  );
}
