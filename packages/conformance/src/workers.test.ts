import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const sourceOf = (name: string): string => new URL(`../../${name}/src/index.ts`, import.meta.url).href;

/** Trains a small network and posts its losses; a worker has a backend of its own, and all share the process's threads. */
const program = `(async () => {
  const { register } = await import('${import.meta.resolve('tsx/esm/api')}');
  register();
  const { cpu } = await import('${sourceOf('backend-cpu')}');
  const { CrossEntropyLoss, Linear, ReLU, Sequential } = await import('${sourceOf('nn')}');
  const { Adam } = await import('${sourceOf('optim')}');
  const { arange, manualSeed, randn, useBackend } = await import('${sourceOf('tensor')}');
  useBackend(await cpu({ threads: 2, longRun: 0 }));
  manualSeed(1);
  const model = new Sequential(new Linear(200, 300), new ReLU(), new Linear(300, 10));
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const criterion = new CrossEntropyLoss();
  const [x, labels] = [randn([64, 200]), arange(64, { dtype: 'int32' }).remainder(10)];
  const losses = [];
  for (let step = 0; step < 40; step++) {
    optimizer.zeroGrad();
    const loss = criterion(model(x), labels);
    loss.backward();
    await optimizer.step();
    losses.push(await loss.item());
  }
  require('node:worker_threads').parentPort.postMessage(losses);
})();`;
const execArgv = ['--conditions=@dl/source'];

it('several workers train at once, each to the same bits as one alone', async () => {
  const [alone = []] = await lossesOf(1);
  expect(alone[0]).toBeGreaterThan(1.5);
  expect(alone.at(-1)).toBeLessThan(0.1);
  expect(await lossesOf(3)).toEqual([alone, alone, alone]);
});

async function lossesOf(workers: number): Promise<readonly (readonly number[])[]> {
  const running = Array.from({ length: workers }, async () => {
    const worker = new Worker(program, { eval: true, execArgv });
    const [losses]: (readonly number[])[] = await once(worker, 'message');
    await worker.terminate();
    return losses ?? [];
  });
  return Promise.all(running);
}
