import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { noise } from '../testing/make.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import { zeros } from './creation.ts';
import { tensor } from './fromData.ts';
import * as reduction from './reduction.ts';
import * as statistics from './statistics.ts';

const { all, amax, any, argmax, cumsum, mean, prod, sum } = reduction;
const { median, norm, std, varMean, variance } = statistics;
const numbers = (x: Tensor): number[] => [...dataSync(x)];

const shapeAndDims = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.subarray(
      shape.map((_, i) => i),
      { minLength: 1 },
    ),
    fc.boolean(),
  ),
);

describe('reductions', () => {
  it('over any dims of any shape agree with a naive oracle', () => {
    fc.assert(
      fc.property(shapeAndDims, ([shape, dims, keepDim]) => {
        const x = noise(shape);
        const kept = shape.map((size, i) => (dims.includes(i) ? 1 : size));
        const sums = new Float64Array(kept.reduce((a, b) => a * b, 1));
        const [from, to] = [stridesOf(shape), stridesOf(kept)];
        for (const [i, value] of x.data.entries()) {
          const place = shape.reduce(
            (index, size, d) => index + (dims.includes(d) ? 0 : (Math.floor(i / (from[d] ?? 1)) % size) * (to[d] ?? 1)),
            0,
          );
          sums[place] = (sums[place] ?? 0) + value;
        }
        const actual = sum(tensorOf(x), { dim: dims, keepDim });
        expect(actual.shape).toEqual(keepDim ? kept : shape.filter((_, i) => !dims.includes(i)));
        for (const [i, value] of numbers(actual).entries()) expect(Math.abs(value - (sums[i] ?? Number.NaN))).toBeLessThan(1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries({ ...reduction.reductionMethods, ...statistics.statisticsMethods }))(
    '%s refuses a dim out of range, by its own name',
    (name, f) => {
      const call: (x: Tensor, options: never) => unknown = f;
      for (const dim of [2, -3, 0.5, Number.NaN, '0']) {
        expect(() => call(zeros([2, 2]), { dim } as never), String(dim)).toThrow(
          new RegExp(`^${name}: dim must be an integer in \\[-2, 1\\]`),
        );
      }
      expect(() => call(7 as never, { dim: 0 } as never)).toThrow(ArgumentError);
    },
  );

  it('refuse a dim named twice', () => {
    expect(() => sum(zeros([2, 2]), { dim: [0, -2] })).toThrow(ArgumentError);
  });

  it('take an empty list of dims for all, as PyTorch does', () => {
    expect(sum(zeros([2, 2]), { dim: [] }).shape).toEqual([]);
  });
});

describe('sum', () => {
  it('adds in float64 and rounds once', () => {
    expect(numbers(sum(tensor([1e8, 1, -1e8, 1])))).toEqual([2]);
    expect(numbers(sum(tensor(new Float32Array(1e6).fill(0.1))))).toEqual([Math.fround(1e6 * Math.fround(0.1))]);
  });

  it('of integers wraps around, and counts bools', () => {
    expect(numbers(sum(tensor([2 ** 31 - 1, 1], { dtype: 'int32' })))).toEqual([-(2 ** 31)]);
    expect(numbers(sum(tensor([true, false, true])))).toEqual([2]);
    expect(numbers(prod(tensor([65536, 65537], { dtype: 'int32' })))).toEqual([65536]);
  });
});

describe('over no elements', () => {
  it('sums are 0, products 1, means NaN', () => {
    const none = zeros([0, 2]);
    expect([sum, prod, mean].map((f) => numbers(f(none, { dim: 0 })))).toEqual([
      [0, 0],
      [1, 1],
      [Number.NaN, Number.NaN],
    ]);
    expect([numbers(any(none)), numbers(all(none)), numbers(variance(none))]).toEqual([[0], [1], [Number.NaN]]);
  });

  it('there is no greatest and no place of one', () => {
    expect(() => amax(zeros([0]))).toThrow('amax: there must be an element to find; got [0] along dims [0]');
    expect(() => reduction.min(zeros([0, 3]), { dim: 0 })).toThrow(/^min: there must be an element to find/);
    expect(() => argmax(zeros([0, 3]))).toThrow(ShapeError);
    expect(() => median(zeros([2, 0]), { dim: 1 })).toThrow(ShapeError);
    expect(amax(zeros([0, 3]), { dim: 1 }).shape).toEqual([0]);
  });
});

describe('dtypes', () => {
  it('mean, var, std and norm need fractions', () => {
    const x = tensor([1, 2], { dtype: 'int32' });
    for (const f of [mean, variance, std, norm]) expect(() => f(x)).toThrow(DTypeError);
    expect(() => mean(x)).toThrow('mean: x must be float32 or float64; got int32. Cast it: x.float()');
    expect(() => argmax(tensor([true]))).toThrow(DTypeError);
  });
});

describe('argmax', () => {
  it('keeps all dims with size 1 when told so without a dim', () => {
    expect(argmax(zeros([2, 3]), { keepDim: true }).shape).toEqual([1, 1]);
    expect(
      numbers(
        argmax(
          tensor([
            [1, 9],
            [9, 2],
          ]),
        ),
      ),
    ).toEqual([1]);
  });
});

describe('cumsum', () => {
  it('needs a dim', () => {
    expect(() => cumsum(zeros([2]), {} as never)).toThrow(ArgumentError);
    expect(() => cumsum(zeros([2]), undefined as never)).toThrow(ArgumentError);
  });
});

describe('varMean', () => {
  it('gives both, in shape', () => {
    const [spread, center] = varMean(
      tensor([
        [1, 3],
        [5, 5],
      ]),
      { dim: 1, correction: 0 },
    );
    expect([numbers(spread), numbers(center), center.shape]).toEqual([[1, 0], [2, 5], [2]]);
    expect(() => varMean(zeros([2]), { correction: Number.NaN })).toThrow('varMean: correction must be a finite number; got NaN');
  });
});
