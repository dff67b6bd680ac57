import { checkGradients, requiresGrad } from '@dl/autograd';
import { ArgumentError, arange, DTypeError, IndexError, manualSeed, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('returnIndices', () => {
  test('names the places of the maxima, which unpooling takes', async () => {
    const x = tensor([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const [pooled, indices] = new nn.MaxPool1d(2, { stride: 2, returnIndices: true })(x);
    expect(await indices.tolist()).toEqual([[1, 3, 5, 7]]);
    const unpool = new nn.MaxUnpool1d(2, { stride: 2 });
    expect(await unpool(pooled, indices).tolist()).toEqual([[0, 2, 0, 4, 0, 6, 0, 8]]);
    expect(await unpool(pooled, indices, { outputSize: [1, 9] }).tolist()).toEqual([[0, 2, 0, 4, 0, 6, 0, 8, 0]]);
  });

  test.each([
    [new nn.MaxPool2d(3, { stride: 2, padding: 1, returnIndices: true }), [2, 3, 6, 7]],
    [new nn.MaxPool3d(2, { returnIndices: true }), [2, 4, 4, 5]],
    [new nn.AdaptiveMaxPool1d(3, { returnIndices: true }), [2, 3, 7]],
    [new nn.AdaptiveMaxPool2d([3, 4], { returnIndices: true }), [2, 2, 7, 6]],
    [new nn.AdaptiveMaxPool2d(2, { returnIndices: true }), [2, 4, 6]],
    [new nn.AdaptiveMaxPool3d([2, 3, 2], { returnIndices: true }), [2, 3, 4, 5]],
  ])('of %s names elements of the input (%#)', async (layer, shape) => {
    manualSeed(1);
    const rank = layer.toString().includes('3d') ? 3 : layer.toString().includes('2d') ? 2 : 1;
    const x = randn(shape);
    const [pooled, indices] = layer(x);
    const planes = shape.slice(0, shape.length - rank);
    const picked = x.reshape([...planes, -1]).gather(-1, indices.reshape([...planes, -1]));
    expect([indices.dtype, indices.shape]).toEqual(['int32', pooled.shape]);
    expect(await picked.reshape(pooled.shape).tolist()).toEqual(await pooled.tolist());
  });

  test('has functions of its own', async () => {
    const x = arange(16).reshape([1, 4, 4]);
    const { maxPool2dWithIndices, adaptiveMaxPool2dWithIndices, maxUnpool2d, maxPool2d } = nn.functional;
    const [pooled, indices] = maxPool2dWithIndices(x, 2);
    expect(await indices.tolist()).toEqual([
      [
        [5, 7],
        [13, 15],
      ],
    ]);
    expect(await adaptiveMaxPool2dWithIndices(x, 2)[1].tolist()).toEqual(await indices.tolist());
    expect(await maxPool2d(maxUnpool2d(pooled, indices, 2), 2).tolist()).toEqual(await pooled.tolist());
  });
});

describe('adaptive pooling', () => {
  test('sees each element of a long dim, however many places there are', async () => {
    const x = arange(1000).reshape([1, 1000]);
    const means = await nn.functional.adaptiveAvgPool1d(x, 7).data();
    const expected = Array.from({ length: 7 }, (_, i) => (Math.floor((i * 1000) / 7) + Math.ceil(((i + 1) * 1000) / 7) - 1) / 2);
    for (const [i, mean] of expected.entries()) expect(means[i]).toBeCloseTo(mean, 3);
    expect(await nn.functional.adaptiveMaxPool1d(x, 3).tolist()).toEqual([[333, 666, 999]]);
  });

  test('keeps the place of NaN', async () => {
    const x = tensor([[1, Number.NaN, 3, 4, 5]]);
    expect(await nn.functional.adaptiveMaxPool1d(x, 3).tolist()).toEqual([[Number.NaN, Number.NaN, 5]]);
  });

  test('gives the gradient to the first of equals', async () => {
    const x = requiresGrad(zeros([1, 5, 4]));
    nn.functional.adaptiveMaxPool2d(x, 2).sum().backward();
    expect(await x.grad?.tolist()).toEqual([
      [
        [1, 0, 1, 0],
        [0, 0, 0, 0],
        [1, 0, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    ]);
  });
});

describe('refuses', () => {
  const pooled = zeros([1, 2, 2]);
  const indices = zeros([1, 2, 2], { dtype: 'int32' });
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['a kernel of 0', () => new nn.MaxPool2d(0), ArgumentError, 'MaxPool2d: kernelSize must be a whole number from 1 up; got 0'],
    [
      'a fractional stride',
      () => new nn.AvgPool1d(2, { stride: 0.5 }),
      ArgumentError,
      'AvgPool1d: stride must be a whole number from 1 up; got 0.5',
    ],
    [
      'three sizes for two dims',
      () => new nn.AvgPool2d([1, 2, 3] as never),
      ArgumentError,
      'AvgPool2d: kernelSize must be a number or a list of 2; got [1, 2, 3]',
    ],
    [
      'a padding of more than half the kernel',
      () => new nn.MaxPool1d(3, { padding: 2 })(zeros([1, 5])),
      ArgumentError,
      'MaxPool1d: padding must be at most half the kernel; got 2 for a kernel that reaches over 3',
    ],
    [
      'a kernel larger than the padded input',
      () => new nn.MaxPool2d(4, { padding: 1 })(zeros([1, 1, 8])),
      ShapeError,
      'MaxPool2d: the kernel must not be larger than the padded input; got [4, 4] over [3, 10]',
    ],
    [
      'another rank',
      () => new nn.AvgPool3d(2)(zeros([4, 4])),
      ShapeError,
      'AvgPool3d: x must be [N, C, D, H, W] or [C, D, H, W]; got [4, 4]',
    ],
    ['a norm of 0', () => new nn.LPPool1d(0, 2), ArgumentError, 'LPPool1d: normType must not be 0; got 0'],
    ['a norm of NaN', () => new nn.LPPool2d(Number.NaN, 2), ArgumentError, 'LPPool2d: normType must be a finite number; got NaN'],
    [
      'an adaptive size of 0',
      () => new nn.AdaptiveAvgPool2d([3, 0]),
      ArgumentError,
      'AdaptiveAvgPool2d: outputSize must be a whole number from 1 up; got 0',
    ],
    [
      'too many adaptive sizes',
      () => new nn.AdaptiveMaxPool1d([3, 2] as never),
      ArgumentError,
      'AdaptiveMaxPool1d: outputSize must be a number, null or a list of one; got [3, 2]',
    ],
    [
      'another rank for adaptive pooling',
      () => new nn.AdaptiveAvgPool2d(1)(zeros([3, 3])),
      ShapeError,
      'AdaptiveAvgPool2d: x must be [N, C, H, W] or [C, H, W]; got [3, 3]',
    ],
    [
      'empty planes',
      () => new nn.AdaptiveAvgPool1d(1)(zeros([3, 0])),
      ShapeError,
      'AdaptiveAvgPool1d: x must have elements in each plane; got [3, 0]',
    ],
    [
      'whole numbers',
      () => new nn.AdaptiveAvgPool1d(1)(zeros([3, 4], { dtype: 'int32' })),
      DTypeError,
      'AdaptiveAvgPool1d: x must be float32 or float64; got int32. Cast it: x.float()',
    ],
    [
      'indices of another shape',
      () => new nn.MaxUnpool2d(2)(pooled, zeros([1, 2, 3], { dtype: 'int32' })),
      ShapeError,
      'MaxUnpool2d: x and indices must have the same shape; got x [1, 2, 2] and indices [1, 2, 3]',
    ],
    [
      'an unpooled size out of range',
      () => new nn.MaxUnpool2d(2)(pooled, indices, { outputSize: [4, 6] }),
      ArgumentError,
      'MaxUnpool2d: outputSize must be less than the stride [2, 2] away from [4, 4]; got [4, 6]',
    ],
  ])('%s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });

  test('indices that are no places of the result', async () => {
    const y = new nn.MaxUnpool2d(2)(pooled, indices.add(16));
    await expect(y.data()).rejects.toThrow(IndexError);
    expect(() => new nn.MaxUnpool2d(2)(pooled, pooled)).toThrow(DTypeError);
  });
});

describe('second derivatives are the slopes of the first', () => {
  const { avgPool2d, maxPool2d, lpPool1d, adaptiveAvgPool2d, adaptiveMaxPool1d, maxPool1dWithIndices, maxUnpool1d } = nn.functional;
  test.each<[string, (x: Tensor) => Tensor, readonly number[]]>([
    ['avgPool2d', (x) => avgPool2d(x, 2, { stride: 1, padding: 1, countIncludePad: false }).tanh(), [1, 3, 3]],
    ['maxPool2d', (x) => maxPool2d(x, 2, { stride: 1 }).tanh(), [1, 3, 3]],
    ['lpPool1d', (x) => lpPool1d(x.exp(), 2, 2).log(), [1, 6]],
    ['adaptiveAvgPool2d', (x) => adaptiveAvgPool2d(x, [2, 3]).tanh(), [1, 3, 4]],
    ['adaptiveMaxPool1d', (x) => adaptiveMaxPool1d(x, 3).tanh(), [1, 7]],
    ['maxUnpool1d', (x) => maxUnpool1d(...maxPool1dWithIndices(x, 2), 2).tanh(), [1, 6]],
  ])('of %s', async (_, f, shape) => {
    manualSeed(7);
    await checkGradients(f, [randn(shape, { dtype: 'float64' })], { order: 2 });
  });
});
