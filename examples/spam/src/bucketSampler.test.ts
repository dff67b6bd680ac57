import { Generator, manualSeed } from '@dl/tensor';
import { expect, test } from 'vitest';
import { BucketSampler, paddedLength } from './bucketSampler.ts';

const generator = new Generator(3);
const lengths = Array.from({ length: 300 }, () => 1 + generator.integer(200));
const sampler = (shuffle: boolean) => new BucketSampler(lengths, { batchSize: 16, shuffle });

test.each([true, false])('each sequence is in one batch of one padded length, shuffled or not: %s', (shuffle) => {
  const batches = [...sampler(shuffle)];
  expect(batches).toHaveLength(sampler(shuffle).length);
  expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(16);
    expect(new Set(batch.map((i) => paddedLength(lengths[i] ?? 0))).size).toBe(1);
  }
});

test('there are few shapes, and the same ones each epoch', () => {
  const shuffled = sampler(true);
  const shapes = () => new Set(Array.from(shuffled, (batch) => `${batch.length} x ${paddedLength(lengths[batch[0] ?? 0] ?? 0)}`));
  const first = shapes();
  expect(first.size).toBeLessThanOrEqual(10);
  expect(shapes()).toEqual(first);
});

test('epochs differ if shuffled, and only then; the seed decides how', () => {
  const twoEpochs = (shuffle: boolean) => {
    manualSeed(5);
    const batches = sampler(shuffle);
    return [[...batches], [...batches]];
  };
  const [first, second] = twoEpochs(true);
  expect(first).not.toEqual(second);
  expect(twoEpochs(true)).toEqual([first, second]);
  const [plain, again] = twoEpochs(false);
  expect(plain).toEqual(again);
});
