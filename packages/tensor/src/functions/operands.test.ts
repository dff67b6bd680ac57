import { describe, expect, it } from 'vitest';
import { type DType, dtypes } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { itemSync } from '../evaluation/evaluate.ts';
import { zeros } from './creation.ts';
import { tensor } from './fromData.ts';
import { asTensor, binaryOperands, castTo, floatOperands, resultType } from './operands.ts';

const of = (dtype: DType, rank: number) => zeros(new Array<number>(rank).fill(2), { dtype });

describe('asTensor', () => {
  it('leaves tensors alone', () => {
    const x = tensor([1]);
    expect(asTensor('add', x)).toBe(x);
  });

  it.each([
    ['float32', 2, 'float32'],
    ['float64', 0.1, 'float64'],
    ['int32', 2, 'int32'],
    ['int32', 0.5, 'float32'],
    ['int32', Number.NaN, 'float32'],
    ['uint8', 7, 'uint8'],
    ['bool', 1, 'int32'],
    ['bool', 0.5, 'float32'],
    ['bool', true, 'bool'],
    ['int32', true, 'int32'],
  ] as const)('beside %s, %s is %s', (like, value, dtype) => {
    const x = asTensor('add', value, of(like, 1));
    expect([x.dtype, x.shape, itemSync(x)]).toEqual([dtype, [], dtype === 'float32' ? Math.fround(Number(value)) : Number(value)]);
  });

  it('alone, a number is float32 and a boolean bool', () => {
    expect(asTensor('where', 1).dtype).toBe('float32');
    expect(asTensor('where', false).dtype).toBe('bool');
  });

  it('refuses what an integer dtype cannot hold, but lets negative operands of uint8 wrap', () => {
    expect(() => asTensor('add', 300, of('uint8', 1))).toThrow(
      'add: a uint8 operand must be a whole number in [-255, 255]; got 300. Cast the tensor first: x.float()',
    );
    expect(() => asTensor('add', 2 ** 31, of('int32', 1))).toThrow(ArgumentError);
    expect(itemSync(asTensor('add', -1, of('uint8', 1)))).toBe(255);
  });

  it.each([undefined, null, 'x', 3n, [1], {}])('refuses %s', (value) => {
    expect(() => asTensor('add', value as never)).toThrow(/^add: an operand must be a tensor, a number or a boolean; got /);
  });
});

describe('resultType', () => {
  it('of tensors with dims is the wider one, in every order', () => {
    for (const [i, a] of dtypes.entries()) {
      for (const [j, b] of dtypes.entries()) expect(resultType(of(a, 1), of(b, 2))).toBe(dtypes[Math.max(i, j)]);
    }
  });

  it.each([
    ['float32', 'float64', 'float32'],
    ['int32', 'float64', 'float64'],
    ['uint8', 'int32', 'uint8'],
    ['bool', 'uint8', 'uint8'],
    ['float64', 'float32', 'float64'],
  ] as const)('of %s with dims and %s without is %s, as in PyTorch', (array, scalar, expected) => {
    expect(resultType(of(array, 1), of(scalar, 0))).toBe(expected);
    expect(resultType(of(scalar, 0), of(array, 1))).toBe(expected);
  });

  it('of two scalars is the wider one', () => {
    expect(resultType(of('float32', 0), of('float64', 0))).toBe('float64');
  });
});

describe('binaryOperands', () => {
  it('brings both to one dtype, and leaves those that have it', () => {
    const [x, y] = [of('float32', 1), of('int32', 1)];
    const [a, b] = binaryOperands('add', x, y);
    expect([a, b.dtype]).toEqual([x, 'float32']);
    expect(binaryOperands('add', 2, y).map(({ dtype }) => dtype)).toEqual(['int32', 'int32']);
  });

  it('floatOperands brings integers to float32', () => {
    expect(floatOperands('div', of('int32', 1), of('uint8', 1)).map(({ dtype }) => dtype)).toEqual(['float32', 'float32']);
    expect(floatOperands('div', of('float64', 1), 2).map(({ dtype }) => dtype)).toEqual(['float64', 'float64']);
  });
});

describe('castTo', () => {
  it('is the tensor itself where it has the dtype', () => {
    const x = of('int32', 1);
    expect(castTo(x, 'int32')).toBe(x);
    expect(castTo(x, 'bool').dtype).toBe('bool');
  });
});
