import { checkGradients } from '@dl/autograd';
import { ArgumentError, manualSeed, ones, randn, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('a convolution', () => {
  test.each([
    ['Conv2d', new nn.Conv2d(8, 16, [3, 5], { groups: 2 }), [16, 4, 3, 5], 1 / Math.sqrt(4 * 15)],
    ['Conv1d', new nn.Conv1d(8, 64, 3), [64, 8, 3], 1 / Math.sqrt(24)],
    ['ConvTranspose2d', new nn.ConvTranspose2d(16, 8, 3, { groups: 2 }), [16, 4, 3, 3], 1 / Math.sqrt(4 * 9)],
  ])('%s starts uniform in ±1/√(inputs of an output), as in PyTorch', async (_, layer, shape, bound) => {
    expect(layer.weight.shape).toEqual(shape);
    const data = Array.from(await layer.weight.data());
    const bias = (await layer.bias?.data()) ?? [];
    expect(Math.max(...[...data, ...bias].map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(data.reduce((sum, value) => sum + value ** 2, 0) / data.length / (bound ** 2 / 3)).toBeCloseTo(1, 0);
  });

  test('starts as the seed says, in the dtype asked for', async () => {
    const first = (): Promise<unknown> => {
      manualSeed(4);
      return new nn.Conv2d(1, 2, 3, { dtype: 'float64' }).weight.tolist();
    };
    expect(await first()).toEqual(await first());
    expect(new nn.Conv2d(1, 2, 3, { dtype: 'float64' })(zeros([1, 5, 5], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'groups that do not divide the inputs',
      () => new nn.Conv2d(3, 4, 3, { groups: 2 }),
      ArgumentError,
      'Conv2d: groups must divide inChannels; got 2 groups of 3',
    ],
    [
      'groups that do not divide the outputs',
      () => new nn.Conv1d(4, 3, 3, { groups: 2 }),
      ArgumentError,
      'Conv1d: groups must divide outChannels; got 2 groups of 3',
    ],
    [
      'same with a stride',
      () => new nn.Conv2d(1, 1, 3, { padding: 'same', stride: [1, 2] }),
      ArgumentError,
      "Conv2d: padding 'same' needs a stride of 1; got [1, 2]",
    ],
    [
      'an unknown padding',
      () => new nn.Conv2d(1, 1, 3, { padding: 'full' as never }),
      ArgumentError,
      "Conv2d: padding must be one of 'same', 'valid'; got 'full'",
    ],
    [
      'an unknown mode',
      () => new nn.Conv2d(1, 1, 3, { paddingMode: 'mirror' as never }),
      ArgumentError,
      "Conv2d: paddingMode must be one of 'zeros', 'reflect', 'replicate', 'circular'; got 'mirror'",
    ],
    [
      'a negative padding',
      () => new nn.Conv3d(1, 1, 3, { padding: -1 }),
      ArgumentError,
      'Conv3d: padding must be a whole number from 0 up; got -1',
    ],
    ['a fractional kernel', () => new nn.Conv1d(1, 1, 2.5), ArgumentError, 'Conv1d: kernelSize must be a whole number from 1 up; got 2.5'],
    ['no channels', () => new nn.Conv1d(0, 1, 3), ArgumentError, 'Conv1d: inChannels must be a whole number from 1 up; got 0'],
    [
      'a list of the wrong length',
      () => new nn.Conv2d(1, 1, [3] as never),
      ArgumentError,
      'Conv2d: kernelSize must be a number or a list of 2; got [3]',
    ],
    [
      'a stride of NaN',
      () => new nn.Conv2d(1, 1, 3, { stride: Number.NaN }),
      ArgumentError,
      'Conv2d: stride must be a whole number from 1 up; got NaN',
    ],
    [
      'too large an outputPadding',
      () => new nn.ConvTranspose2d(1, 1, 3, { stride: 2, outputPadding: [1, 2] }),
      ArgumentError,
      'ConvTranspose2d: outputPadding must be less than the stride or the dilation; got 2 for 2 and 1',
    ],
    [
      'a transposed one that mirrors',
      () => new nn.ConvTranspose1d(1, 1, 3, { paddingMode: 'reflect' as never }),
      ArgumentError,
      "ConvTranspose1d: paddingMode must be one of 'zeros'; got 'reflect'",
    ],
    [
      'other channels',
      () => new nn.Conv2d(3, 4, 3)(zeros([1, 2, 5, 5])),
      ShapeError,
      'Conv2d: x must be [N, 3, H, W] or [3, H, W]; got [1, 2, 5, 5]',
    ],
    ['another rank', () => new nn.Conv1d(3, 4, 3)(zeros([3])), ShapeError, 'Conv1d: x must be [N, 3, L] or [3, L]; got [3]'],
    [
      'a kernel larger than the padded input',
      () => new nn.Conv2d(1, 1, 5, { padding: 1 })(zeros([1, 1, 2, 8])),
      ShapeError,
      'Conv2d: the kernel must not be larger than the padded input; got [5, 5] over [4, 10]',
    ],
    [
      'more mirrored than there is',
      () => new nn.Conv1d(1, 1, 3, { padding: 4, paddingMode: 'reflect' })(zeros([1, 4])),
      ShapeError,
      'pad: mode reflect needs at least 5 elements in dim 1; got [1, 4]',
    ],
    ['no tensor', () => new nn.Conv1d(1, 1, 3)([1] as never), ArgumentError, 'Conv1d: x must be a tensor; got [1]. Wrap it: tensor(…)'],
  ])('refuses %s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});

describe('outputSize', () => {
  test('says which of the sizes that a strided convolution makes equal', async () => {
    const [down, up] = [new nn.Conv2d(1, 1, 3, { stride: 2, padding: 1 }), new nn.ConvTranspose2d(1, 1, 3, { stride: 2, padding: 1 })];
    for (const size of [7, 8]) {
      const x = randn([2, 1, size, size]);
      expect(up(down(x), { outputSize: size }).shape).toEqual(x.shape);
      expect(up(down(x), { outputSize: x.shape }).shape).toEqual(x.shape);
    }
    const padded = new nn.ConvTranspose2d(1, 1, 3, { stride: 2, padding: 1, outputPadding: 1 });
    padded.loadStateDict(up.stateDict());
    const h = randn([1, 3, 3]);
    expect(await up(h, { outputSize: [6, 6] }).tolist()).toEqual(await padded(h).tolist());
  });

  test('is refused out of range', () => {
    const up = new nn.ConvTranspose1d(2, 1, 3, { stride: 2 });
    expect(() => up(ones([2, 4]), { outputSize: 11 })).toThrow(
      new ArgumentError('ConvTranspose1d: outputSize must be from [9] to [10] for x [2, 4]; got [11]'),
    );
    expect(() => up(ones([2, 4]), { outputSize: [9, 9, 9] })).toThrow('ConvTranspose1d: outputSize must be a number or a list of one');
  });
});

describe('second derivatives are the slopes of the first', () => {
  test.each<[string, nn.Layer & nn.Module, readonly number[]]>([
    ['Conv1d', new nn.Conv1d(2, 2, 3, { stride: 2, padding: 1 }), [1, 2, 5]],
    ['Conv2d', new nn.Conv2d(2, 2, 2, { groups: 2, dilation: 2, padding: 1, paddingMode: 'reflect' }), [1, 2, 3, 3]],
    ['ConvTranspose2d', new nn.ConvTranspose2d(2, 2, 2, { stride: 2, padding: 1 }), [1, 2, 2, 3]],
  ])('of %s', async (_, layer, shape) => {
    manualSeed(6);
    layer.to('float64');
    const f = (x: Tensor): Tensor => layer(x).pow(3);
    await checkGradients(f, [randn(shape, { dtype: 'float64' })], { order: 2, elements: 6, tolerance: 1e-5 });
  });

  test('of a convolution by input and weight together', async () => {
    const inputs = [randn([1, 2, 4]), randn([2, 2, 2]), randn([2])];
    const f = (x: Tensor, weight: Tensor, bias: Tensor): Tensor => nn.functional.conv1d(x, weight, { bias, padding: 1 }).tanh();
    await checkGradients(f, inputs, { order: 2, elements: 5 });
    const g = (x: Tensor, weight: Tensor): Tensor => nn.functional.convTranspose1d(x, weight, { stride: 2 }).tanh();
    await checkGradients(g, inputs.slice(0, 2), { order: 2, elements: 5 });
  });
});
