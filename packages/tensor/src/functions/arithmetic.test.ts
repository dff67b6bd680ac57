import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { noise } from '../testing/make.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import { add, addcmul, div, floorDivide, fmod, lerp, maximum, mul, pow, remainder, sub } from './arithmetic.ts';
import { gt } from './comparison.ts';
import { zeros } from './creation.ts';
import { tensor } from './fromData.ts';
import { where } from './where.ts';

const numbers = (x: Tensor): number[] => [...dataSync(x)];
const ints = (...values: number[]) => tensor(values, { dtype: 'int32' });

/** A shape, and shapes of operands that broadcast to it: some sizes replaced by 1, some leading ones left out. */
const broadcastCase = (operands: number) =>
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 }).chain((shape) => {
    const operand = fc
      .tuple(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }), fc.nat(shape.length))
      .map(([ones, dropped]) => shape.map((size, i) => (ones[i] ? 1 : size)).slice(dropped));
    return fc.tuple(...Array.from({ length: operands }, () => operand));
  });

/** Where element `i` of the output comes from: indices taken apart and put together again, one dim after the other. */
function sourceIndex(i: number, out: readonly number[], from: readonly number[]): number {
  let rest = i;
  const indices = out.map(() => 0);
  for (let d = out.length - 1; d >= 0; d--) {
    indices[d] = rest % (out[d] ?? 1);
    rest = Math.floor(rest / (out[d] ?? 1));
  }
  return from.reduce((index, size, d) => index * size + (size === 1 ? 0 : (indices[d + out.length - from.length] ?? 0)), 0);
}

function broadcastTo(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

describe('broadcasting', () => {
  it('of two operands agrees with a naive oracle, for any shapes', () => {
    fc.assert(
      fc.property(broadcastCase(2), ([left = [], right = []]) => {
        const [a, b] = [noise(left), noise(right, { seed: 2 })];
        const shape = broadcastTo([left, right]);
        const oracle = Array.from({ length: sizeOf(shape) }, (_, i) =>
          Math.fround((a.data[sourceIndex(i, shape, left)] ?? 0) - (b.data[sourceIndex(i, shape, right)] ?? 0)),
        );
        const actual = sub(tensorOf(a), tensorOf(b));
        expect(actual.shape).toEqual(shape);
        expect(numbers(actual)).toEqual(oracle);
      }),
      { numRuns: 300 },
    );
  });

  it('of three operands agrees with a naive oracle, for any shapes', () => {
    fc.assert(
      fc.property(broadcastCase(3), ([first = [], second = [], third = []]) => {
        const [c, a, b] = [noise(first), noise(second, { seed: 2 }), noise(third, { seed: 3 })];
        const shape = broadcastTo([first, second, third]);
        const oracle = Array.from({ length: sizeOf(shape) }, (_, i) => {
          const chosen = (c.data[sourceIndex(i, shape, first)] ?? 0) > 0;
          return chosen ? a.data[sourceIndex(i, shape, second)] : b.data[sourceIndex(i, shape, third)];
        });
        expect(numbers(where(gt(tensorOf(c), 0), tensorOf(a), tensorOf(b)))).toEqual(oracle);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses sizes that differ, naming both shapes', () => {
    expect(() => add(zeros([2, 3]), zeros([4]))).toThrow(
      'add: shapes must broadcast (sizes equal or 1, aligned at the last dim); got [2, 3] and [4]',
    );
    expect(() => mul(zeros([2, 0]), zeros([2, 2]))).toThrow(ShapeError);
  });
});

describe('add, sub, mul', () => {
  it('take numbers on either side', () => {
    expect(numbers(add(1, tensor([1, 2])))).toEqual([2, 3]);
    expect(numbers(sub(1, tensor([1, 2])))).toEqual([0, -1]);
    expect(numbers(mul(true, tensor([1, 2])))).toEqual([1, 2]);
  });

  it('wrap integers around', () => {
    expect(numbers(mul(ints(65537), ints(65537)))).toEqual([131073]);
    expect(numbers(add(ints(2 ** 31 - 1), 1))).toEqual([-(2 ** 31)]);
    expect(numbers(sub(tensor([1], { dtype: 'uint8' }), 2))).toEqual([255]);
  });

  it('treat bools as logic, but do not subtract them', () => {
    const [a, b] = [tensor([true, true, false]), tensor([true, false, false])];
    expect(numbers(add(a, b))).toEqual([1, 1, 0]);
    expect(numbers(mul(a, b))).toEqual([1, 0, 0]);
    expect(() => sub(a, b)).toThrow(DTypeError);
    expect(numbers(add(a, b, { alpha: 0 }))).toEqual([1, 1, 0]);
  });

  it('refuse a factor that an integer tensor cannot have', () => {
    expect(() => add(ints(1), ints(1), { alpha: 0.5 })).toThrow(ArgumentError);
    expect(() => add(tensor([1]), 1, { alpha: Number.NaN })).toThrow(ArgumentError);
    expect(() => add(tensor([1]), '1' as never)).toThrow("add: an operand must be a tensor, a number or a boolean; got '1'");
  });
});

describe('division', () => {
  it('of integers by a zero in a tensor is 0', () => {
    const zero = ints(0, 0);
    for (const f of [floorDivide, remainder, fmod]) expect(numbers(f(ints(7, -7), zero))).toEqual([0, 0]);
    expect(numbers(div(ints(7, -7), zero, { roundingMode: 'trunc' }))).toEqual([0, 0]);
    expect(numbers(div(ints(7, -7), zero))).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('of integers by the number 0 is refused', () => {
    expect(() => floorDivide(ints(1), 0)).toThrow('floorDivide: integers cannot be divided by zero; got the divisor 0');
    expect(() => remainder(ints(1), 0)).toThrow(ArgumentError);
    expect(() => div(ints(1), 0, { roundingMode: 'floor' })).toThrow(ArgumentError);
    expect(numbers(div(ints(1), 0))).toEqual([Number.POSITIVE_INFINITY]);
  });

  it('satisfies a = b floorDivide(a, b) + remainder(a, b) for all int32', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        int32,
        int32.filter((b) => b !== 0),
        (a, b) => {
          const [x, y] = [ints(a), ints(b)];
          expect(numbers(add(mul(floorDivide(x, y), y), remainder(x, y)))).toEqual([a]);
        },
      ),
    );
  });

  it('refuses an unknown rounding and bools', () => {
    expect(() => div(ints(1), 2, { roundingMode: 'ceil' as never })).toThrow(
      "div: roundingMode must be one of 'trunc', 'floor'; got 'ceil'",
    );
    expect(() => fmod(tensor([true]), tensor([true]))).toThrow(DTypeError);
  });
});

describe('pow', () => {
  it('refuses negative whole powers of integers', () => {
    expect(() => pow(ints(2), -1)).toThrow(
      'pow: integers cannot be raised to a negative whole power; got -1. Cast the base first: base.float()',
    );
  });

  it('leaves 1 and -1 of negative powers in an integer tensor', () => {
    expect(numbers(pow(ints(1, -1, -1, 2, 0), ints(-3, -2, -3, -1, -1)))).toEqual([1, 1, -1, 0, 0]);
  });

  it('of 0 is 1, even of what is not a number', () => {
    expect(numbers(pow(tensor([Number.NaN, 0, 5]), 0))).toEqual([1, 1, 1]);
  });
});

describe('maximum, lerp, addcmul', () => {
  it('promote', () => {
    expect(maximum(ints(1), 0.5).dtype).toBe('float32');
    expect(lerp(ints(0), 10, 0.5).dtype).toBe('float32');
    expect(numbers(addcmul(ints(1), ints(2), ints(3)))).toEqual([7]);
    expect(() => lerp([1] as never, 1, 1)).toThrow(ArgumentError);
  });

  it('lerp is exact at both ends', () => {
    const [a, b] = [tensor([0.1, 1e8]), tensor([0.7, -3])];
    expect(numbers(lerp(a, b, 0))).toEqual(numbers(a));
    expect(numbers(lerp(a, b, 1))).toEqual(numbers(b));
  });
});
