import { ArgumentError, manualSeed } from '@dl/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/data.json' with { type: 'json' };
import { BatchSampler, RandomSampler, SequentialSampler, SubsetRandomSampler, WeightedRandomSampler } from '../index.ts';

const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i);
const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

test('SequentialSampler: gives all indices in order, each time', () => {
  const sampler = new SequentialSampler({ length: 4 });
  expect([...sampler]).toEqual([0, 1, 2, 3]);
  expect([...sampler]).toEqual([0, 1, 2, 3]);
  expect(sampler.length).toBe(4);
});

describe('RandomSampler', () => {
  test('gives every index once, in another order each epoch', () => {
    const sampler = new RandomSampler({ length: 50 }, { seed: 1 });
    const epochs = [[...sampler], [...sampler], [...sampler]];
    for (const epoch of epochs) expect(ascending(epoch)).toEqual(upTo(50));
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  test('gives the same epochs for the same seed, and others for another', () => {
    const epochs = (seed: number): number[][] => {
      const sampler = new RandomSampler({ length: 20 }, { seed });
      return [[...sampler], [...sampler]];
    };
    expect(epochs(7)).toEqual(epochs(7));
    expect(epochs(7)).not.toEqual(epochs(8));
  });

  test('follows manualSeed where it has no seed', () => {
    const epoch = (): number[] => {
      manualSeed(5);
      return [...new RandomSampler({ length: 20 })];
    };
    expect(epoch()).toEqual(epoch());
  });

  test('gives iterations at the same time orders of their own', () => {
    const alone = new RandomSampler({ length: 10 }, { seed: 2 });
    const expected = [[...alone], [...alone]];
    const sampler = new RandomSampler({ length: 10 }, { seed: 2 });
    const [first, second] = [sampler[Symbol.iterator](), sampler[Symbol.iterator]()];
    const taken: number[][] = [[], []];
    for (let i = 0; i < 10; i++) {
      taken[1]?.push(second.next().value ?? -1);
      taken[0]?.push(first.next().value ?? -1);
    }
    expect(taken).toEqual(expected);
  });

  test('draws with replacement, as often as told', () => {
    const drawn = [...new RandomSampler({ length: 4 }, { replacement: true, numSamples: 4000, seed: 0 })];
    expect(drawn).toHaveLength(4000);
    // Each count is binomial with mean 1000 and deviation 27: six of those either way.
    for (const index of upTo(4)) expect(Math.abs(drawn.filter((i) => i === index).length - 1000)).toBeLessThan(165);
  });

  test('begins another order where more are wanted than there are', () => {
    const drawn = [...new RandomSampler({ length: 4 }, { numSamples: 10, seed: 0 })];
    expect(ascending(drawn.slice(0, 4))).toEqual(upTo(4));
    expect(ascending(drawn.slice(4, 8))).toEqual(upTo(4));
    expect(drawn).toHaveLength(10);
  });

  test('refuses an empty dataset and numbers out of range', () => {
    expect(() => new RandomSampler({ length: 0 })).toThrow(/number of samples in the dataset must be a whole number from 1 up; got 0/);
    expect(() => new RandomSampler({ length: 2 }, { numSamples: 0 })).toThrow(/numSamples must be a whole number from 1 up; got 0/);
    expect(() => new RandomSampler({ length: 2 }, { seed: Number.NaN })).toThrow(
      /RandomSampler: seed must be a whole number from 0 up; got NaN/,
    );
  });
});

describe('SubsetRandomSampler', () => {
  test('gives its indices, and nothing else, in another order each epoch', () => {
    const indices = [3, 1, 4, 1, 5, 9, 2, 6];
    const sampler = new SubsetRandomSampler(indices, { seed: 0 });
    const epochs = [[...sampler], [...sampler]];
    for (const epoch of epochs) expect(ascending(epoch)).toEqual(ascending(indices));
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(sampler.length).toBe(8);
  });

  test('refuses indices that are no indices', () => {
    expect(() => new SubsetRandomSampler([0, -1])).toThrow(/an index must be a whole number from 0 up; got -1/);
    expect(() => new SubsetRandomSampler('012' as never)).toThrow(ArgumentError);
  });
});

describe('WeightedRandomSampler', () => {
  const weights = [0, 1, 2, 0, 7];

  test('draws in proportion to the weights, never what weighs nothing', () => {
    const drawn = [...new WeightedRandomSampler(weights, 10_000, { seed: 4 })];
    const share = (index: number): number => drawn.filter((i) => i === index).length / drawn.length;
    // Deviations are at most 0.005: six of them either way.
    expect(share(1)).toBeCloseTo(0.1, 1);
    expect(Math.abs(share(1) - 0.1)).toBeLessThan(0.03);
    expect(Math.abs(share(2) - 0.2)).toBeLessThan(0.03);
    expect(Math.abs(share(4) - 0.7)).toBeLessThan(0.03);
    expect(share(0) + share(3)).toBe(0);
  });

  test('without replacement no index comes twice, and the heavy ones come early', () => {
    const sampler = new WeightedRandomSampler(weights, 3, { replacement: false, seed: 4 });
    const epochs = Array.from({ length: 2000 }, () => [...sampler]);
    for (const epoch of epochs) expect(ascending(epoch)).toEqual([1, 2, 4]);
    // The first of them has the probabilities of a single draw: deviation 0.01.
    expect(Math.abs(epochs.filter(([first]) => first === 4).length / 2000 - 0.7)).toBeLessThan(0.06);
  });

  test('copies the weights: what becomes of the array does not matter', () => {
    const mine = [1, 0];
    const sampler = new WeightedRandomSampler(mine, 5, { seed: 0 });
    mine.reverse();
    expect([...sampler]).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([
    ['negative weights', [-1, 2], 1, /finite numbers from 0 up; got \[-1, 2\]/],
    ['NaN', [Number.NaN], 1, /finite numbers from 0 up/],
    ['infinite weights', [Number.POSITIVE_INFINITY], 1, /finite numbers from 0 up/],
    ['weights that are all 0', [0, 0], 1, /at least 1 weights must be positive; got 0/],
    ['a count of 0', [1], 0, /numSamples must be a whole number from 1 up; got 0/],
  ])('refuses %s', (_, bad, count, message) => {
    expect(() => new WeightedRandomSampler(bad, count)).toThrow(ArgumentError);
    expect(() => new WeightedRandomSampler(bad, count)).toThrow(message);
  });

  test('refuses to draw more without replacement than there are', () => {
    expect(() => new WeightedRandomSampler(weights, 4, { replacement: false })).toThrow(/at least 4 weights must be positive; got 3/);
  });
});

describe('BatchSampler', () => {
  test.each(golden.batches)(
    'cuts $length indices into batches of $batchSize as PyTorch does (dropLast $dropLast)',
    ({ length, batchSize, dropLast, batches }) => {
      const sampler = new BatchSampler(new SequentialSampler({ length }), { batchSize, dropLast });
      expect([...sampler]).toEqual(batches);
      expect(sampler).toHaveLength(batches.length);
    },
  );

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a batchSize of %d', (batchSize) => {
    expect(() => new BatchSampler(new SequentialSampler({ length: 3 }), { batchSize })).toThrow(
      /batchSize must be a whole number from 1 up/,
    );
  });

  test('loses no index', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 20 }), (length, batchSize) => {
        expect([...new BatchSampler(new SequentialSampler({ length }), { batchSize })].flat()).toEqual(upTo(length));
      }),
    );
  });
});
