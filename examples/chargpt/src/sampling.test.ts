import { Generator } from '@dl/tensor';
import { expect, test } from 'vitest';
import { draw, probabilitiesOf } from './sampling.ts';

const scores = Float32Array.of(1, 3, 2, -1);

test('at temperature 1 the probabilities are the softmax', () => {
  const weights = Array.from(scores, Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = probabilitiesOf(scores, { temperature: 1 });
  for (const [token, weight] of weights.entries()) expect(probabilities[token]).toBeCloseTo(weight / total, 12);
});

test('only the top k have a chance', () => {
  const [a, b, c, d] = probabilitiesOf(scores, { temperature: 1, topK: 2 });
  expect([a, d]).toEqual([0, 0]);
  expect((b ?? 0) / (c ?? 1)).toBeCloseTo(Math.E, 12);
  expect((b ?? 0) + (c ?? 0)).toBeCloseTo(1, 12);
  expect([...probabilitiesOf(scores, { temperature: 1, topK: 1 })]).toEqual([0, 1, 0, 0]);
  expect(probabilitiesOf(scores, { temperature: 1, topK: 99 })).toEqual(probabilitiesOf(scores, { temperature: 1 }));
});

test.each([0, 1e-6, 0.01])('at temperature %f the likeliest is certain', (temperature) => {
  expect(probabilitiesOf(scores, { temperature })[1]).toBeCloseTo(1, 12);
});

test('tokens are drawn as often as their probabilities say', () => {
  const generator = new Generator(3);
  const drawn = Array.from({ length: 10_000 }, () => draw(Float64Array.of(0.2, 0, 0.8), generator));
  expect(drawn).not.toContain(1);
  expect(drawn.filter((token) => token === 0).length / drawn.length).toBeCloseTo(0.2, 1);
});
