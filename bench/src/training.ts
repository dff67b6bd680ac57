import { CrossEntropyLoss } from '@dl/nn';
import { Adam } from '@dl/optim';
import type { Tensor } from '@dl/tensor';
import type { Model } from './models/network.ts';

/** One step of training with Adam, up to the number of the loss. */
export function trainingOf(model: Model): (x: Tensor, labels: Tensor) => Promise<number> {
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr: 0.001 });
  return async (x, labels) => {
    optimizer.zeroGrad();
    const loss = criterion(model(x), labels);
    loss.backward();
    await optimizer.step();
    return loss.item();
  };
}
