import { describe, expect, it } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import type { Tensor } from '../tensor.ts';
import * as activation from './activation.ts';
import { allclose, equal } from './agreement.ts';
import { cast } from './cast.ts';
import { eq, gt, isclose, le, lt, ne } from './comparison.ts';
import { ones, zeros } from './creation.ts';
import * as elementwise from './elementwise.ts';
import { tensor } from './fromData.ts';
import * as trigonometry from './trigonometry.ts';
import { maskedFill, where } from './where.ts';

const { clamp, log10, log2, neg, round } = elementwise;
const numbers = (x: Tensor): number[] => [...dataSync(x)];
const bytes = (...values: number[]) => tensor(values, { dtype: 'uint8' });

describe('unary functions', () => {
  const takeOne = { ...elementwise.elementwiseMethods, ...trigonometry.trigonometryMethods, ...activation.activationMethods };

  it.each(Object.entries(takeOne))('%s refuses what is not a tensor, by its own name', (name, f) => {
    const call: (x: never, y: never) => unknown = f;
    expect(() => call('x' as never, tensor([1]) as never)).toThrow(ArgumentError);
    expect(() => call('x' as never, tensor([1]) as never)).toThrow(name === 'clip' ? /^clamp: / : new RegExp(`^${name}: `));
  });

  it('refuse bools where there is nothing to count', () => {
    const x = tensor([true]);
    for (const f of [neg, elementwise.abs, elementwise.floor, round, activation.relu, activation.relu6])
      expect(() => f(x)).toThrow(DTypeError);
  });

  it('leave whole numbers as they are when they round', () => {
    for (const f of [elementwise.floor, elementwise.ceil, elementwise.trunc, round]) {
      const x = f(tensor([-7, 2 ** 31 - 1], { dtype: 'int32' }));
      expect([x.dtype, numbers(x)]).toEqual(['int32', [-7, 2 ** 31 - 1]]);
    }
  });

  it('log2 and log10 are exact at exact powers', () => {
    const twos = Array.from({ length: 60 }, (_, i) => i - 30);
    expect(numbers(log2(tensor(twos.map((e) => 2 ** e))))).toEqual(twos);
    expect(numbers(log10(tensor([1, 10, 100, 1000, 1e4, 1e5, 1e6])))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('round', () => {
  it('refuses decimals that are not whole, and decimals of whole numbers', () => {
    expect(() => round(tensor([1]), { decimals: 0.5 })).toThrow(ArgumentError);
    expect(() => round(bytes(1), { decimals: 1 })).toThrow('round: decimals need a float32 or float64 tensor; got uint8');
  });
});

describe('clamp', () => {
  it('takes tensors as bounds, and the upper one wins', () => {
    expect(numbers(clamp(tensor([1, 5, 9]), { min: tensor([2, 2, 2]), max: tensor([4, 4, 1]) }))).toEqual([2, 4, 1]);
  });

  it('lets bounds beyond uint8 bound nothing', () => {
    expect(numbers(clamp(bytes(0, 255), { min: -1 }))).toEqual([0, 255]);
  });

  it('refuses no bounds and bounds that are not numbers', () => {
    expect(() => clamp(tensor([1]), {})).toThrow('clamp: min or max must be given; got neither');
    expect(() => clamp(tensor([1]), { min: Number.NaN })).toThrow('clamp: min must be a number; got NaN');
  });
});

describe('comparisons', () => {
  it('with a number beyond uint8 compare numbers, where PyTorch wraps', () => {
    const x = bytes(0, 44, 255);
    expect(numbers(lt(x, 300))).toEqual([1, 1, 1]);
    expect(numbers(eq(x, -1))).toEqual([0, 0, 0]);
    expect(numbers(gt(-1, x))).toEqual([0, 0, 0]);
    expect(numbers(eq(x, 300))).toEqual([0, 0, 0]);
  });

  it('are false for NaN, but ne', () => {
    const x = tensor([Number.NaN]);
    expect([eq, lt, le, gt, ne].map((f) => numbers(f(x, x))[0])).toEqual([0, 0, 0, 0, 1]);
  });

  it('isclose refuses negative and endless tolerances', () => {
    expect(() => isclose(tensor([1]), tensor([1]), { rtol: -1 })).toThrow('isclose: rtol must not be negative; got -1');
    expect(() => isclose(tensor([1]), tensor([1]), { atol: Number.POSITIVE_INFINITY })).toThrow(ArgumentError);
    expect(() => isclose(zeros([2]), zeros([3]))).toThrow(/^isclose: shapes must broadcast/);
  });
});

describe('allclose and equal', () => {
  it('answer with a boolean', async () => {
    const x = tensor([1, 2]);
    expect(await allclose(x, tensor([1, 2.00001]))).toBe(true);
    expect(await allclose(x, tensor([1, 2.1]))).toBe(false);
    expect(await equal(x, tensor([1, 2], { dtype: 'int32' }))).toBe(true);
    expect(await equal(x, tensor([[1, 2]]))).toBe(false);
    expect(await equal(zeros([0]), zeros([0]))).toBe(true);
    await expect(equal(x, 1 as never)).rejects.toThrow(ArgumentError);
  });
});

describe('where', () => {
  it('needs a bool condition', () => {
    expect(() => where(tensor([1, 0]), 1, 2)).toThrow(
      'where: condition must be bool; got float32. Compare it, or cast it: condition.bool()',
    );
    expect(() => where(true as never, 1, 2)).toThrow(ArgumentError);
  });

  it('of two numbers is float32', () => {
    const x = where(tensor([true, false]), 1, 2);
    expect([x.dtype, numbers(x)]).toEqual(['float32', [1, 2]]);
  });
});

describe('maskedFill', () => {
  it('keeps shape and dtype, or refuses', () => {
    const x = tensor([1, 2], { dtype: 'int32' });
    expect(numbers(maskedFill(x, tensor([true, false]), 9))).toEqual([9, 2]);
    expect(() => maskedFill(x, tensor([true, false]), 0.5)).toThrow(DTypeError);
    expect(() => maskedFill(x, ones([3, 2], { dtype: 'bool' }), 1)).toThrow(ShapeError);
  });
});

describe('cast', () => {
  it('holds at the nearest int32 what is beyond it, and takes NaN for 0', () => {
    const x = tensor([3e9, -3e9, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -1.9, 2147483520]);
    expect(numbers(cast(x, 'int32'))).toEqual([2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, -(2 ** 31), 0, -1, 2147483520]);
  });

  it('takes the lowest byte for uint8', () => {
    expect(numbers(cast(tensor([-1, 256, 300.7, -1.5]), 'uint8'))).toEqual([255, 0, 44, 255]);
    expect(numbers(cast(tensor([-1, 256], { dtype: 'int32' }), 'uint8'))).toEqual([255, 0]);
  });

  it('refuses unknown dtypes', () => {
    expect(() => cast(tensor([1]), 'half' as never)).toThrow(DTypeError);
  });
});

describe('activations', () => {
  it('refuse options out of range', () => {
    const x = tensor([1]);
    expect(() => activation.celu(x, { alpha: 0 })).toThrow('celu: alpha must not be 0; got 0');
    expect(() => activation.elu(x, { alpha: Number.NaN })).toThrow(ArgumentError);
    expect(() => activation.hardtanh(x, { minVal: 1, maxVal: -1 })).toThrow('hardtanh: minVal must be below maxVal; got 1 and -1');
    expect(() => activation.softshrink(x, { lambd: -1 })).toThrow(ArgumentError);
    expect(() => activation.leakyRelu(tensor([1], { dtype: 'int32' }))).toThrow(DTypeError);
    expect(() => activation.prelu(zeros([2, 3]), zeros([2]))).toThrow('prelu: weight must hold 1 or 3 numbers; got [2] for x [2, 3]');
    expect(() => elementwise.logit(x, { eps: 0.6 })).toThrow(ArgumentError);
  });
});
