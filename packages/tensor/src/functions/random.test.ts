import { describe, expect, it } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { manualSeed } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { full, zeros } from './creation.ts';
import { tensor } from './fromData.ts';
import { bernoulli, multinomial, normal, rand, randint, randLike, randn, randperm } from './random.ts';

const n = 40_000;
const numbers = (x: Tensor): number[] => [...dataSync(x)];
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const varianceOf = (values: readonly number[]): number => meanOf(values.map((x) => (x - meanOf(values.slice(0, 1000))) ** 2));

describe('rand', () => {
  it('is uniform in [0, 1)', () => {
    manualSeed(1);
    const values = numbers(rand([n]));
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(meanOf(values) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  });

  it('gives the same for the same seed, and something else for each call', () => {
    manualSeed(3);
    const [a, b] = [numbers(rand([5])), numbers(rand([5]))];
    manualSeed(3);
    expect([numbers(rand([5])), numbers(rand([5]))]).toEqual([a, b]);
    expect(a).not.toEqual(b);
  });

  it('draws once: reading twice gives the same', () => {
    const x = rand([3]);
    expect(numbers(x)).toEqual(numbers(x));
  });

  it('refuses what has no fractions, and impossible shapes', () => {
    expect(() => rand([2], { dtype: 'int32' })).toThrow(DTypeError);
    expect(() => randLike(zeros([2], { dtype: 'bool' }))).toThrow('randLike: random fractions are float32 or float64; got bool');
    expect(() => rand([-1])).toThrow(ShapeError);
    expect(() => rand([1.5])).toThrow(ShapeError);
    expect(() => rand('3' as never)).toThrow("rand: a shape must be an array of sizes; got '3'");
  });
});

describe('randn', () => {
  it.each(['float32', 'float64'] as const)('has mean 0 and variance 1, and is never infinite, in %s', (dtype) => {
    manualSeed(2);
    const values = numbers(randn([n], { dtype }));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(meanOf(values))).toBeLessThan(0.02);
    expect(Math.abs(meanOf(values.map((x) => x * x)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(values.filter((x) => Math.abs(x) < 1).length / n - 0.6827)).toBeLessThan(0.01);
  });
});

describe('normal', () => {
  it('scales and shifts, by numbers and by tensors', () => {
    manualSeed(4);
    const values = numbers(normal(3, 0.5, { shape: [n] }));
    expect(Math.abs(meanOf(values) - 3)).toBeLessThan(0.02);
    expect(Math.abs(varianceOf(values) - 0.25)).toBeLessThan(0.02);
    expect(normal(tensor([1, 2]), tensor([[1], [2], [3]])).shape).toEqual([3, 2]);
    expect(normal(tensor([1, 2], { dtype: 'float64' }), 1).dtype).toBe('float64');
  });

  it('refuses a negative deviation and a shape that does not fit', () => {
    expect(() => normal(0, -1)).toThrow('normal: std must not be negative; got -1');
    expect(() => normal(tensor([1, 2]), 1, { shape: [3] })).toThrow(ShapeError);
    expect(() => normal(tensor([[1], [2]]), 1, { shape: [2] })).toThrow(ShapeError);
  });
});

describe('randint', () => {
  it('draws every number of the range, and no other', () => {
    manualSeed(5);
    const values = numbers(randint(-2, 3, [5000]));
    expect(new Set(values)).toEqual(new Set([-2, -1, 0, 1, 2]));
    for (const value of [-2, 2]) expect(Math.abs(values.filter((x) => x === value).length - 1000)).toBeLessThan(150);
  });

  it('reaches both ends of int32', () => {
    manualSeed(6);
    const values = numbers(randint(-(2 ** 31), 2 ** 31 - 1, [2000]));
    expect(Math.min(...values)).toBeLessThan(-2.1e9);
    expect(Math.max(...values)).toBeGreaterThan(2.1e9);
  });

  it('is int32, or what is asked for', () => {
    expect(randint(0, 10, [2]).dtype).toBe('int32');
    expect(Math.max(...numbers(randint(250, 256, [100], { dtype: 'uint8' })))).toBe(255);
    expect(randint(0, 10, 3, { dtype: 'float32' }).dtype).toBe('float32');
  });

  it('refuses empty ranges, fractions and what the dtype cannot hold', () => {
    expect(() => randint(3, 3, [1])).toThrow(ArgumentError);
    expect(() => randint(0.5, 3, [1])).toThrow(ArgumentError);
    expect(() => randint(0, 257, [1], { dtype: 'uint8' })).toThrow('randint: high must be a whole number in [1, 256]; got 257');
    expect(() => randint(0, Number.NaN, [1])).toThrow(ArgumentError);
  });
});

describe('randperm', () => {
  it('holds every number once, in an order that the seed decides', () => {
    manualSeed(7);
    const order = numbers(randperm(50));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    manualSeed(7);
    expect(numbers(randperm(50))).toEqual(order);
    expect(randperm(0).shape).toEqual([0]);
    expect(() => randperm(-1)).toThrow(ArgumentError);
  });
});

describe('bernoulli', () => {
  it('is 1 as often as asked, always for 1 and never for 0', () => {
    manualSeed(8);
    expect(Math.abs(meanOf(numbers(bernoulli(full([n], 0.3)))) - 0.3)).toBeLessThan(0.01);
    expect(numbers(bernoulli(tensor([0, 1, 0, 1])))).toEqual([0, 1, 0, 1]);
    expect(() => bernoulli(tensor([1], { dtype: 'int32' }))).toThrow(DTypeError);
  });
});

describe('multinomial', () => {
  it('draws with replacement in proportion to the weights', () => {
    manualSeed(9);
    const values = numbers(multinomial(tensor([0, 1, 0, 3, 0]), n, { replacement: true }));
    expect(new Set(values)).toEqual(new Set([1, 3]));
    expect(Math.abs(values.filter((x) => x === 3).length / n - 0.75)).toBeLessThan(0.01);
  });

  it('draws each index once without replacement, the heavier ones earlier', () => {
    manualSeed(10);
    const weights = tensor(Array.from({ length: 4000 }, () => [1, 3, 0, 0.5]));
    const draws = multinomial(weights, 3);
    expect([draws.shape, draws.dtype]).toEqual([[4000, 3], 'int32']);
    const rows = Array.from({ length: 4000 }, (_, i) => numbers(draws).slice(3 * i, 3 * i + 3)).slice(0, 50);
    for (const row of rows) expect([...row].sort()).toEqual([0, 1, 3]);
    const first = numbers(draws).filter((_, i) => i % 3 === 0);
    expect(Math.abs(first.filter((x) => x === 1).length / 4000 - 3 / 4.5)).toBeLessThan(0.03);
  });

  it('refuses more draws than weights, and shapes that are no rows of weights', () => {
    expect(() => multinomial(tensor([1, 2]), 3)).toThrow('multinomial: numSamples must be a whole number in [1, 2]; got 3');
    expect(() => multinomial(zeros([2, 0]), 1)).toThrow(ShapeError);
    expect(() => multinomial(zeros([1, 1, 1]), 1)).toThrow(ShapeError);
    expect(() => multinomial(tensor([1], { dtype: 'int32' }), 1)).toThrow(DTypeError);
  });
});
