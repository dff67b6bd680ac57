import { checkGradients } from '@dl/autograd';
import { ArgumentError, manualSeed, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('FractionalMaxPool2d', () => {
  test('draws windows as the seed says, anew at each call', async () => {
    const [pool, x] = [new nn.FractionalMaxPool2d(2, { outputRatio: 0.6 }), randn([1, 1, 40, 40])];
    const draw = (): Promise<unknown> => pool(x).tolist();
    manualSeed(3);
    const [first, second] = [await draw(), await draw()];
    manualSeed(3);
    expect([await draw(), pool(x).shape, pool.toString()]).toEqual([first, [1, 1, 24, 24], 'FractionalMaxPool2d()']);
    expect(second).not.toEqual(first);
  });

  test('returns places for unpooling where asked', async () => {
    const x = randn([2, 6, 6]);
    const [pooled, indices] = new nn.FractionalMaxPool2d(2, { outputSize: 3, returnIndices: true })(x);
    const picked = x
      .reshape([2, 36])
      .gather(1, indices.reshape([2, 9]))
      .reshape(pooled.shape);
    expect(await picked.tolist()).toEqual(await pooled.tolist());
  });

  test('has second derivatives', async () => {
    const randomSamples = tensor([[[0.3, 0.6]]], { dtype: 'float64' });
    const f = (x: Tensor): Tensor => nn.functional.fractionalMaxPool2d(x, 2, { outputSize: 3, randomSamples }).tanh();
    await checkGradients(f, [randn([1, 5, 5], { dtype: 'float64' })], { order: 2 });
  });

  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'neither',
      () => new nn.FractionalMaxPool2d(2, {}),
      ArgumentError,
      'FractionalMaxPool2d: either outputSize or outputRatio must be given; got neither',
    ],
    [
      'a ratio of 1',
      () => new nn.FractionalMaxPool3d(2, { outputRatio: 1 }),
      ArgumentError,
      'FractionalMaxPool3d: outputRatio must be between 0 and 1; got 1',
    ],
    [
      'a size of 0',
      () => new nn.FractionalMaxPool2d(2, { outputSize: [1, 0] }),
      ArgumentError,
      'FractionalMaxPool2d: outputSize must be a whole number from 1 up; got 0',
    ],
    [
      'a ratio too many',
      () => new nn.FractionalMaxPool2d(2, { outputRatio: [0.5, 0.5, 0.5] as never }),
      ArgumentError,
      'FractionalMaxPool2d: outputRatio must be a number or a list of 2; got 3 numbers',
    ],
    [
      'what does not fit',
      () => new nn.FractionalMaxPool2d(3, { outputSize: 4 })(zeros([1, 5, 9])),
      ShapeError,
      "FractionalMaxPool2d: outputSize + kernelSize - 1 must be in [kernelSize, the input's size]; got [4, 4] and [3, 3] for [5, 9]",
    ],
    [
      'draws of another shape',
      () => nn.functional.fractionalMaxPool2d(zeros([1, 5, 5]), 2, { outputSize: 3, randomSamples: zeros([2]) }),
      ShapeError,
      'fractionalMaxPool2d: randomSamples must be [1, 1, 2]; got [2]',
    ],
  ])('refuses %s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});
