import { checkGradients } from '@dl/autograd';
import { ArgumentError, arange, randn, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('padding refuses', () => {
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['a fraction', () => new nn.ZeroPad1d(0.5), ArgumentError, 'ZeroPad1d: padding must be a whole number; got 0.5'],
    [
      'a list of the wrong length',
      () => new nn.ReflectionPad2d([1, 2] as never),
      ArgumentError,
      'ReflectionPad2d: padding must be a number or a list of 4; got [1, 2]',
    ],
    ['no value', () => new nn.ConstantPad1d(1, undefined as never), ArgumentError, 'ConstantPad1d: value must be a number; got undefined'],
    [
      'another rank',
      () => new nn.CircularPad2d(1)(zeros([3, 3])),
      ShapeError,
      'CircularPad2d: x must be [N, C, H, W] or [C, H, W]; got [3, 3]',
    ],
    [
      'more mirrored than there is',
      () => new nn.ReflectionPad1d(3)(zeros([1, 3])),
      ShapeError,
      'pad: mode reflect needs at least 4 elements in dim 1; got [1, 3]',
    ],
    [
      'more than the other end',
      () => new nn.CircularPad1d([4, 0])(zeros([1, 3])),
      ShapeError,
      'pad: mode circular needs at least 4 elements in dim 1; got [1, 3]',
    ],
  ])('%s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});

test('functional.pad knows the modes', async () => {
  expect(await nn.functional.pad(arange(3), [2, 1], { mode: 'replicate' }).tolist()).toEqual([0, 0, 0, 1, 2, 2]);
});

describe('pixel shuffles refuse', () => {
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['a factor of 0', () => new nn.PixelShuffle(0), ArgumentError, 'PixelShuffle: upscaleFactor must be a whole number from 1 up; got 0'],
    [
      'channels that are no squares',
      () => new nn.PixelShuffle(2)(zeros([1, 6, 2, 2])),
      ShapeError,
      'pixelShuffle: upscaleFactor squared, 4, must divide the channels; got x [1, 6, 2, 2]',
    ],
    ['a matrix', () => new nn.PixelShuffle(2)(zeros([4, 4])), ShapeError, 'pixelShuffle: x must be […, C, H, W]; got [4, 4]'],
    [
      'an odd image',
      () => new nn.PixelUnshuffle(2)(zeros([1, 3, 4])),
      ShapeError,
      'pixelUnshuffle: downscaleFactor 2 must divide the last two dims; got x [1, 3, 4]',
    ],
    [
      'groups that do not divide',
      () => new nn.ChannelShuffle(2)(zeros([1, 3, 4])),
      ArgumentError,
      'channelShuffle: groups must divide the channels; got 2 groups of x [1, 3, 4]',
    ],
    [
      'no channels',
      () => new nn.ChannelShuffle(2)(zeros([2, 4])),
      ShapeError,
      'channelShuffle: x must be [N, C, …] of at least 3 dims; got [2, 4]',
    ],
  ])('%s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});

describe('unfold', () => {
  test('makes a convolution a matrix product', async () => {
    const layer = new nn.Conv2d(2, 3, [2, 3], { padding: 1, stride: [1, 2], bias: false });
    const x = randn([2, 2, 4, 5]);
    const columns = nn.functional.unfold(x, [2, 3], { padding: 1, stride: [1, 2] });
    const product = layer.weight.reshape([3, 12]).matmul(columns);
    const expected = layer(x);
    const [a, b] = [await product.reshape(expected.shape).data(), await expected.data()];
    for (const [i, value] of b.entries()) expect(a[i]).toBeCloseTo(value, 5);
  });

  test('is differentiable twice, as is its transpose', async () => {
    const f = (x: Tensor): Tensor => nn.functional.unfold(x, 2, { padding: 1, stride: 2 }).tanh();
    await checkGradients(f, [randn([1, 3, 4])], { order: 2 });
    const g = (x: Tensor): Tensor => nn.functional.fold(x, 3, 2).tanh();
    await checkGradients(g, [randn([4, 4])], { order: 2 });
  });

  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'a kernel larger than the image',
      () => new nn.Unfold([2, 3], { dilation: 2 })(zeros([1, 3, 4])),
      ShapeError,
      'unfold: the kernel must not be larger than the padded image; got [3, 5] over [3, 4]',
    ],
    [
      'a vector',
      () => new nn.Unfold(2)(zeros([4])),
      ShapeError,
      'unfold: x must be [N, C, H, W] or [C, H, W] with elements in each plane; got [4]',
    ],
    ['a negative stride', () => new nn.Unfold(2, { stride: -1 }), ArgumentError, 'Unfold: stride must be a whole number from 1 up; got -1'],
    [
      'columns that are no windows',
      () => new nn.Fold([3, 4], 2)(zeros([1, 8, 5])),
      ShapeError,
      'fold: x must be [N, C · 4, 6], for kernels of 4 elements at 2 × 3 places; got [1, 8, 5]',
    ],
    [
      'a kernel larger than the output',
      () => new nn.Fold(2, 3)(zeros([9, 1])),
      ShapeError,
      'fold: the kernel must not be larger than the padded image; got [3, 3] over [2, 2]',
    ],
  ])('and fold refuse %s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});
