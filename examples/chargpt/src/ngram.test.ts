import { expect, test } from 'vitest';
import { NgramModel } from './ngram.ts';

test('a small text gives the probabilities of Witten and Bell', () => {
  // a b a a: after nothing a 3 times, b once; after a: b once, a once; after b: a once. Three kinds in the vocabulary.
  const model = new NgramModel(Int32Array.of(0, 1, 0, 0), 2, 3);
  const unigram = [(3 + 2 / 3) / 6, (1 + 2 / 3) / 6, 2 / 3 / 6];
  for (const [token, p] of unigram.entries()) expect(model.probability(Int32Array.of(token), 0)).toBeCloseTo(p, 12);
  expect(model.probability(Int32Array.of(0, 1), 1)).toBeCloseTo((1 + 2 * (unigram[1] ?? 0)) / 4, 12);
  expect(model.probability(Int32Array.of(1, 0), 1)).toBeCloseTo((1 + (unigram[0] ?? 0)) / 2, 12);
});

test('a context that was never seen falls back to shorter ones', () => {
  const model = new NgramModel(Int32Array.of(0, 1, 0, 0), 2, 3);
  expect(model.probability(Int32Array.of(2, 1), 1)).toBe(model.probability(Int32Array.of(1), 0));
});

test.each([1, 2, 3, 5])('the probabilities of order %i sum to 1 after any context', (order) => {
  const model = new NgramModel(
    Int32Array.from({ length: 200 }, (_, i) => (i * i) % 7),
    order,
    8,
  );
  for (const context of [[], [0], [7, 7], [1, 2, 4, 1, 2], [0, 1, 4, 2]]) {
    const total = Array.from({ length: 8 }, (_, token) => model.probability(Int32Array.of(...context, token), context.length));
    expect(total.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...total)).toBeGreaterThan(0);
  }
});

test('bits per token are the mean surprise of all tokens but the first', () => {
  const model = new NgramModel(Int32Array.of(0, 1, 0, 0), 2, 3);
  const tokens = Int32Array.of(0, 1, 2);
  const bits = [1, 2].map((position) => -Math.log2(model.probability(tokens, position)));
  expect(model.bitsPerToken(tokens)).toBeCloseTo(((bits[0] ?? 0) + (bits[1] ?? 0)) / 2, 12);
});
