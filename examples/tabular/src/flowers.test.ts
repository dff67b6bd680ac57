import { manualSeed } from '@dl/tensor';
import { expect, test } from 'vitest';
import { dealFlowers, loadFlowers } from './flowers.ts';
import { nearestMean } from './nearestMean.ts';
import { Scores } from './scores.ts';

test('each flower is dealt once, and the training rows alone have mean 0 and deviation 1', async () => {
  manualSeed(0);
  const { training, validation, test: rest } = dealFlowers(loadFlowers());
  expect([training, validation, rest].map(([, labels]) => labels.size(0))).toEqual([90, 30, 30]);
  for (const mean of await training[0].mean({ dim: 0 }).data()) expect(mean).toBeCloseTo(0, 4);
  for (const deviation of await training[0].std({ dim: 0 }).data()) expect(deviation).toBeCloseTo(1, 4);
  expect(Math.abs((await rest[0].mean({ dim: 0 }).data())[0] ?? 0)).toBeGreaterThan(1e-3);
});

test('the nearest mean of a kind is that of most of its own flowers', async () => {
  manualSeed(0);
  const { training } = dealFlowers(loadFlowers());
  const right = nearestMean(training)(training[0]).argmax({ dim: 1 }).eq(training[1]).sum();
  expect(await right.item()).toBeGreaterThan(70);
});

test('one method is better than another only by more than chance explains', () => {
  const scores = new Scores();
  for (const [a, b] of [
    [0.9, 0.8],
    [0.95, 0.83],
    [0.9, 0.92],
  ] as const) {
    scores.add('a', a);
    scores.add('b', b);
    scores.add('c', 0.5);
  }
  expect([scores.isBetter('a', 'b'), scores.isBetter('a', 'c'), scores.isBetter('c', 'a')]).toEqual([false, true, false]);
  expect(String(scores)).toContain('c  Test Accuracy:  50.00%  (from 50.00% to 50.00%)');
});
