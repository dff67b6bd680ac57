import { noGrad } from '@dl/autograd';
import { DataLoader, TensorDataset } from '@dl/data';
import { CrossEntropyLoss, type Module } from '@dl/nn';
import { Adam } from '@dl/optim';
import type { Tensor } from '@dl/tensor';
import type { Flags } from './flags.ts';
import type { Rows, Split } from './flowers.ts';

/** A network, or anything else that gives a score for each kind. */
export type Classifier = (x: Tensor) => Tensor;
export type Network = Module & Classifier;

const criterion = new CrossEntropyLoss();

/** Trains a network, and leaves it with the parameters of the epoch that did best on the validation rows. */
export async function train(
  model: Network,
  { training, validation }: Pick<Split, 'training' | 'validation'>,
  flags: Pick<Flags, 'epochs' | 'batchSize' | 'lr'>,
  onEpoch: (loss: number) => void,
): Promise<void> {
  const loader = new DataLoader(new TensorDataset(...training), { batchSize: flags.batchSize, shuffle: true });
  const optimizer = new Adam(model.parameters(), { lr: flags.lr });
  let best = { loss: Number.POSITIVE_INFINITY, state: model.stateDict() };
  for (let epoch = 0; epoch < flags.epochs; epoch++) {
    model.train();
    for await (const [x, y] of loader) {
      optimizer.zeroGrad();
      criterion(model(x), y).backward();
      await optimizer.step();
    }
    model.eval();
    const loss = await noGrad(() => criterion(model(validation[0]), validation[1])).item();
    // A state dict is a snapshot: later steps do not change it.
    if (loss < best.loss) best = { loss, state: model.stateDict() };
    onEpoch(loss);
  }
  model.loadStateDict(best.state);
}

/** The share of rows whose kind has the highest score. */
export async function accuracy(classify: Classifier, [features, labels]: Rows): Promise<number> {
  const right = noGrad(() => classify(features).argmax({ dim: 1 }).eq(labels));
  return (await right.sum().item()) / labels.size(0);
}
