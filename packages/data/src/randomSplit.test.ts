import { ArgumentError, manualSeed } from '@dl/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import golden from '../fixtures/data.json' with { type: 'json' };
import { randomSplit } from './index.ts';
import { numbersUpTo } from './testing/numbers.ts';

test.each(golden.splits)('randomSplit: cuts $length samples by $lengths as PyTorch does', ({ length, lengths, sizes }) => {
  expect(randomSplit(numbersUpTo(length), lengths).map((part) => part.length)).toEqual(sizes);
});

test('randomSplit: every sample is in exactly one part', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), fc.nat(), (sizes, seed) => {
      const length = sizes.reduce((a, b) => a + b, 0);
      fc.pre(length !== 1);
      const parts = randomSplit(numbersUpTo(length), sizes, { seed });
      const indices = parts.flatMap((part) => part.indices);
      expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
    }),
  );
});

test('randomSplit: one seed gives one split, another seed another, and manualSeed decides without one', () => {
  const split = (seed?: number): readonly number[] =>
    randomSplit(numbersUpTo(100), [0.5, 0.5], seed === undefined ? {} : { seed })[0].indices;
  expect(split(1)).toEqual(split(1));
  expect(split(1)).not.toEqual(split(2));
  expect(split()).not.toEqual(split());
  manualSeed(3);
  const first = split();
  manualSeed(3);
  expect(split()).toEqual(first);
});

test.each([
  ['sizes that do not add up', [3, 3], /must add up to the 10 samples.*; got \[3, 3\], which add up to 6/],
  ['fractions that do not add up', [0.5, 0.4], /must add up/],
  ['a negative size', [-1, 11], /numbers from 0 up; got \[-1, 11\]/],
  ['NaN', [Number.NaN, 1], /numbers from 0 up/],
  ['sizes that are not whole', [2.5, 7.5], /must add up/],
  ['no part', [], /numbers from 0 up; got \[\]/],
])('randomSplit: refuses %s', (_, lengths, message) => {
  expect(() => randomSplit(numbersUpTo(10), lengths)).toThrow(ArgumentError);
  expect(() => randomSplit(numbersUpTo(10), lengths)).toThrow(message);
});

test('randomSplit: refuses a seed out of range', () => {
  expect(() => randomSplit(numbersUpTo(2), [1, 1], { seed: -1 })).toThrow(/randomSplit: seed must be a whole number from 0 up; got -1/);
});
