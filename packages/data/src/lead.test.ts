import { beforeEach, expect, test, vi } from 'vitest';
import { DataLoader, IterableDataset } from './index.ts';
import { numbersUpTo } from './testing/numbers.ts';

const device = vi.hoisted(() => ({ limits: [] as number[], isBusy: false, release: () => {} }));
vi.mock(import('@dl/tensor/internal'), async (original) => ({
  ...(await original()),
  drainRuns: async (limit: number) => {
    device.limits.push(limit);
    if (device.isBusy) await new Promise<void>((resolve) => (device.release = resolve));
  },
}));

beforeEach(() => {
  Object.assign(device, { limits: [], isBusy: false });
});

class Stream extends IterableDataset<number> {
  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, undefined> {
    yield* [0, 1, 2, 3];
  }
}

test.each([
  ['a dataset', () => new DataLoader(numbersUpTo(4), { batchSize: 2 })],
  ['a stream', () => new DataLoader(new Stream(), { batchSize: 2 })],
])('DataLoader: the next batch of %s waits while more than 8 runs are in flight', async (_, loader) => {
  const batches = loader()[Symbol.asyncIterator]();
  await batches.next();
  device.isBusy = true;
  let hasCome = false;
  const next = batches.next().then(() => {
    hasCome = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hasCome).toBe(false);
  device.release();
  await next;
  expect(device.limits).toEqual([8, 8]);
});
