import { ArgumentError, DTypeError, manualSeed, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { beforeEach, describe, expect, test } from 'vitest';
import { init, Linear, Parameter } from '../index.ts';

const parameter = (...shape: readonly number[]): Parameter => new Parameter(zeros(shape));
/** 200,000 draws: a mean is off by less than 5 / √200,000 = 0.011 deviations, a deviation by less than 0.8 %, but once in a million. */
const big = (): Parameter => parameter(400, 500);

beforeEach(() => {
  manualSeed(20260101);
});

describe('calculateGain', () => {
  test.each<[init.Nonlinearity, number]>([
    ['linear', 1],
    ['conv2d', 1],
    ['convTranspose3d', 1],
    ['sigmoid', 1],
    ['tanh', 5 / 3],
    ['relu', Math.sqrt(2)],
    ['selu', 0.75],
    ['leakyRelu', Math.sqrt(2 / (1 + 0.01 ** 2))],
  ])('of %s is %d', (nonlinearity, gain) => {
    expect(init.calculateGain(nonlinearity)).toBeCloseTo(gain, 12);
  });

  test('takes the slope of leakyRelu', () => {
    expect(init.calculateGain('leakyRelu', Math.sqrt(5))).toBeCloseTo(Math.sqrt(1 / 3), 12);
  });

  test('refuses other names', () => {
    expect(() => init.calculateGain('toString' as never)).toThrow("got 'toString'");
    expect(() => init.calculateGain('relu', Number.NaN)).toThrow(ArgumentError);
  });
});

describe('calculateFanInAndFanOut', () => {
  test('counts inputs and outputs, times the kernel', () => {
    expect(init.calculateFanInAndFanOut(zeros([10, 784]))).toEqual({ fanIn: 784, fanOut: 10 });
    expect(init.calculateFanInAndFanOut(zeros([8, 3, 5, 5]))).toEqual({ fanIn: 75, fanOut: 200 });
    expect(() => init.calculateFanInAndFanOut(zeros([3]))).toThrow(ShapeError);
  });
});

describe('moments and bounds', () => {
  const uniformStd = (bound: number): number => bound / Math.sqrt(3);
  test.each<[string, (x: Parameter) => Parameter, { mean: number; std: number; bound?: number }]>([
    ['uniform', (x) => init.uniform(x, { a: -2, b: 4 }), { mean: 1, std: uniformStd(3) }],
    ['normal', (x) => init.normal(x, { mean: 3, std: 0.5 }), { mean: 3, std: 0.5 }],
    ['truncNormal', (x) => init.truncNormal(x), { mean: 0, std: 0.8796, bound: 2 }],
    ['truncNormal far out', (x) => init.truncNormal(x, { a: 3, b: 30 }), { mean: 3.2831, std: 0.2664 }],
    ['xavierUniform', (x) => init.xavierUniform(x, { gain: 2 }), { mean: 0, std: 2 * Math.sqrt(2 / 900), bound: 2 * Math.sqrt(6 / 900) }],
    ['xavierNormal', (x) => init.xavierNormal(x), { mean: 0, std: Math.sqrt(2 / 900) }],
    [
      'kaimingUniform',
      (x) => init.kaimingUniform(x, { a: Math.sqrt(5) }),
      { mean: 0, std: uniformStd(1 / Math.sqrt(500)), bound: 1 / Math.sqrt(500) },
    ],
    ['kaimingNormal', (x) => init.kaimingNormal(x, { mode: 'fanOut', nonlinearity: 'relu' }), { mean: 0, std: Math.sqrt(2 / 400) }],
  ])('of %s are PyTorch’s', async (_, fill, expected) => {
    const x = big();
    expect(fill(x)).toBe(x);
    const { mean, std, extreme } = await momentsOf(x);
    expect(Math.abs(mean - expected.mean)).toBeLessThan(0.011 * expected.std);
    expect(Math.abs(std / expected.std - 1)).toBeLessThan(0.01);
    if (expected.bound !== undefined) {
      expect(extreme).toBeLessThanOrEqual(expected.bound * (1 + 1e-6));
      expect(extreme).toBeGreaterThan(expected.bound * 0.99);
    }
  });
});

describe('constants', () => {
  test('fill and keep the parameter trainable', async () => {
    const x = parameter(2, 3);
    expect(await init.constant(x, 0.5).tolist()).toEqual([
      [0.5, 0.5, 0.5],
      [0.5, 0.5, 0.5],
    ]);
    expect(await init.ones(x).tolist()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(await init.eye(x).tolist()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(await init.zeros(x).tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(x.requiresGrad).toBe(true);
  });
});

describe('orthogonal', () => {
  test.each([[[30, 20]], [[20, 30]], [[16, 4, 3, 3]]])('gives a matrix %j with orthonormal rows or columns', async (shape) => {
    const x = init.orthogonal(parameter(...shape), { gain: 3 }).detach();
    const matrix = x.reshape([shape[0] ?? 1, -1]);
    const wide = matrix.size(0) <= matrix.size(1);
    const product = wide ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
    const few = Math.min(...matrix.shape);
    const off = (await product.div(9).data()).map((value, i) => Math.abs(value - (Math.floor(i / few) === i % few ? 1 : 0)));
    expect(Math.max(...off)).toBeLessThan(1e-5);
  });

  test('differs from call to call, and not from seed to seed', async () => {
    const first = await init.orthogonal(parameter(4, 4)).tolist();
    expect(await init.orthogonal(parameter(4, 4)).tolist()).not.toEqual(first);
    manualSeed(20260101);
    expect(await init.orthogonal(parameter(4, 4)).tolist()).toEqual(first);
  });
});

test('a filled layer computes with its new weights, inside apply too', async () => {
  const layer = new Linear(2, 1);
  layer.apply((module) => {
    if (module instanceof Linear) init.constant(module.weight, 2);
  });
  expect(await layer.weight.tolist()).toEqual([[2, 2]]);
});

test.each<[string, () => Tensor, string]>([
  ['bounds', () => init.uniform(parameter(2), { a: 1, b: 0 }), 'uniform: a must not be above b; got 1 and 0'],
  ['deviation', () => init.normal(parameter(2), { std: -1 }), 'normal: std must not be negative; got -1'],
  ['deviation', () => init.truncNormal(parameter(2), { std: 0 }), 'truncNormal: std must be above 0 and a below b; got std 0, a -2, b 2'],
  ['value', () => init.constant(parameter(2), Number.NaN), 'constant: value must be a finite number; got NaN'],
  [
    'gain',
    () => init.xavierNormal(parameter(2, 2), { gain: Number.POSITIVE_INFINITY }),
    'xavierNormal: gain must be a finite number; got Infinity',
  ],
  [
    'mode',
    () => init.kaimingNormal(parameter(2, 2), { mode: 'both' as never }),
    "kaimingNormal: mode must be one of 'fanIn', 'fanOut'; got 'both'",
  ],
  ['rank', () => init.xavierUniform(parameter(2)), 'xavierUniform: the weight must have at least 2 dims, [out, in, …]; got [2]'],
  ['rank', () => init.eye(parameter(2)), 'eye: the tensor must be a matrix; got [2]'],
  ['rank', () => init.orthogonal(parameter(2)), 'orthogonal: the tensor must have at least 2 dims; got [2]'],
])('a bad %s is named (%#)', (_, run, message) => {
  expect(run).toThrow(message);
});

test('whole numbers cannot be filled at random', () => {
  expect(() => init.uniform(zeros([2], { dtype: 'int32' }))).toThrow(DTypeError);
});

async function momentsOf(x: Tensor): Promise<{ mean: number; std: number; extreme: number }> {
  const data = await x.data();
  let [sum, extreme] = [0, 0];
  for (const value of data) {
    sum += value;
    extreme = Math.max(extreme, Math.abs(value));
  }
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / data.length), extreme };
}
