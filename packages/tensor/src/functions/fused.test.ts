import { describe, expect, it } from 'vitest';
import { dataSync } from '../evaluation/evaluate.ts';
import { manualSeed } from '../random.ts';
import { ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { dropout, gelu, logSoftmax, silu, softmax, softplus } from './fused.ts';

const whole = tensor([1, 2], { dtype: 'int32' });

describe('fused functions', () => {
  it('softmax casts first where a dtype is given', () => {
    const y = softmax(whole, 0, { dtype: 'float64' });
    expect(y.dtype).toBe('float64');
    expect(dataSync(y)[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
  });

  it('dropout draws anew at each call, and the same after the same seed', () => {
    const draw = () => [...dataSync(dropout(ones([64])))];
    manualSeed(1);
    const [first, second] = [draw(), draw()];
    manualSeed(1);
    expect(draw()).toEqual(first);
    expect(second).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([0, 2]));
  });

  it('dropout keeps the rate out of the plan', () => {
    const [a, b] = [0.1, 0.9].map((p) => dropout(ones([2]), { p }).value.node);
    expect(a?.params).toEqual(b?.params);
  });

  it('dropout is nothing outside training, and draws nothing', () => {
    manualSeed(1);
    const x = ones([3]);
    expect(dropout(x, { training: false }).value).toBe(x.value);
    const after = [...dataSync(dropout(ones([64])))];
    manualSeed(1);
    expect([...dataSync(dropout(ones([64])))]).toEqual(after);
  });

  const x = ones([2]);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => softmax(whole, 0), 'softmax: x must be float32 or float64; got int32. Cast it: x.float()'],
    [() => softmax(x, 1), 'softmax: dim must be an integer in [-1, 0] for a tensor of rank 1; got 1'],
    [() => softmax(x, undefined as never), 'softmax: dim must be an integer in [-1, 0] for a tensor of rank 1; got undefined'],
    [() => logSoftmax(x, 0, { dtype: 'int32' }), 'logSoftmax: x must be float32 or float64; got int32. Cast it: x.float()'],
    [
      () => logSoftmax(x, 0, { dtype: 'half' as never }),
      "logSoftmax: dtype must be one of bool, uint8, int32, float32, float64; got 'half'",
    ],
    [() => dropout(x, { p: 1.5 }), 'dropout: p must be in [0, 1]; got 1.5'],
    [() => dropout(x, { p: Number.NaN }), 'dropout: p must be a number; got NaN'],
    [() => dropout(whole), 'dropout: x must be float32 or float64; got int32. Cast it: x.float()'],
    [() => gelu(x, { approximate: 'erf' as never }), "gelu: approximate must be one of 'none', 'tanh'; got 'erf'"],
    [() => silu(whole), 'silu: x must be float32 or float64; got int32. Cast it: x.float()'],
    [() => softplus(x, { beta: 0 }), 'softplus: beta must not be 0; got 0'],
    [() => softplus(x, { beta: Number.POSITIVE_INFINITY }), 'softplus: beta must be a finite number; got Infinity'],
    [() => softplus(x, { threshold: Number.NaN }), 'softplus: threshold must be a number; got NaN'],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
