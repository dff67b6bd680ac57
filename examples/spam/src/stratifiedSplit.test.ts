import { manualSeed } from '@dl/tensor';
import { expect, test } from 'vitest';
import { stratifiedSplit } from './stratifiedSplit.ts';

const items = Array.from({ length: 101 }, (_, id) => ({ id, kind: id < 31 ? 'spam' : 'ham' }));
const split = (seed: number) => {
  manualSeed(seed);
  return stratifiedSplit(items, ({ kind }) => kind, [0.8, 0.1, 0.1]);
};

test('each item is in one part, and each class in each part by its share', () => {
  const parts = split(1);
  expect(parts.flat().sort((a, b) => a.id - b.id)).toEqual(items);
  const counts = parts.map((part) => ['spam', 'ham'].map((wanted) => part.filter(({ kind }) => kind === wanted).length));
  expect(counts).toEqual([
    [25, 56],
    [3, 7],
    [3, 7],
  ]);
});

test('the seed decides', () => {
  expect(split(1)).toEqual(split(1));
  expect(split(1)).not.toEqual(split(2));
});
