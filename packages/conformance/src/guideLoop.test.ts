import { noGrad } from '@dl/autograd';
import { DataLoader, TensorDataset } from '@dl/data';
import { CrossEntropyLoss, Dropout, Flatten, Linear, ReLU, Sequential } from '@dl/nn';
import { Adam } from '@dl/optim';
import { arange, manualSeed, randn, reference, useBackend } from '@dl/tensor';
import { expect, it } from 'vitest';
import { plansOf } from './programs.ts';

const criterion = new CrossEntropyLoss();

function classifier(): Sequential {
  return new Sequential(new Flatten(), new Linear(64, 16), new ReLU(), new Dropout(0.2), new Linear(16, 10));
}

/** 22 samples in batches of 8: two full batches and a last one of 6. */
function digits(): DataLoader<[ReturnType<typeof randn>, ReturnType<typeof randn>]> {
  const labels = arange(22, { dtype: 'int32' }).remainder(10);
  return new DataLoader(new TensorDataset(randn([22, 8, 8]), labels), { batchSize: 8, shuffle: true });
}

it("the guide's loop makes two plans, for full batches and for the last, beside the one for first values", async () => {
  const backend = reference();
  useBackend(backend);
  manualSeed(1);
  const loader = digits();
  const model = classifier();
  const optimizer = new Adam(model.parameters(), { lr: 0.001 });
  const epoch = async () => {
    for await (const [images, labels] of loader) {
      optimizer.zeroGrad();
      const loss = criterion(model(images), labels);
      loss.backward();
      await optimizer.step();
      await loss.item();
    }
  };
  for await (const _ of loader);
  const before = plansOf(backend);
  for (let i = 0; i < 4; i++) {
    await epoch();
    expect(plansOf(backend) - before).toBe(3);
    for (const group of optimizer.paramGroups) group.lr *= 0.5;
    for (const module of model.modules()) if (module instanceof Dropout) module.p = 0.1 * i;
  }
});

it('the same seed gives the same losses, bit for bit, and another seed others', async () => {
  useBackend(reference());
  const run = async (seed: number): Promise<number[]> => {
    manualSeed(seed);
    const loader = digits();
    const model = classifier();
    const optimizer = new Adam(model.parameters());
    const losses: number[] = [];
    for await (const [images, labels] of loader) {
      optimizer.zeroGrad();
      const loss = criterion(model(images), labels);
      loss.backward();
      await optimizer.step();
      losses.push(await loss.item());
    }
    losses.push(
      await noGrad(() =>
        model
          .eval()(randn([1, 64]))
          .sum(),
      ).item(),
    );
    return losses;
  };
  expect(await run(7)).toEqual(await run(7));
  expect(await run(8)).not.toEqual(await run(7));
});
