import fc from 'fast-check';
import '../methods.ts';
import { describe, expect, it } from 'vitest';
import { dataSync } from '../evaluation/evaluate.ts';
import { convolutionShapes } from '../primitives/shapes/convolution.ts';
import { difference } from '../testing/difference.ts';
import { noise } from '../testing/make.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d } from './convolution.ts';
import { ones, zeros } from './creation.ts';

describe('convolutions', () => {
  it('are one plan whatever the bias holds', () => {
    const [x, weight] = [ones([1, 2, 4, 4]), ones([3, 2, 3, 3])];
    const params = conv2d(x, weight, { padding: 1 }).value.node.params;
    expect(params).toEqual({ stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 });
  });

  it('are transposes of each other: the product of one with y is that of the other with x', () => {
    const side = {
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 2 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    };
    const sizes = {
      length: fc.integer({ min: 5, max: 9 }),
      kernel: fc.integer({ min: 1, max: 3 }),
      groups: fc.integer({ min: 1, max: 3 }),
    };
    fc.assert(
      fc.property(fc.record({ ...side, ...sizes }), ({ length, kernel, ...options }) => {
        const x = noise([2, 2 * options.groups, length], { dtype: 'float64' });
        const weight = noise([3 * options.groups, 2, kernel], { dtype: 'float64', seed: 2 });
        const [place] = convolutionShapes
          .convolution([x, weight], { ...options, stride: [options.stride], padding: [options.padding], dilation: [options.dilation] })
          .shape.slice(2);
        const y = noise([2, 3 * options.groups, place ?? 1], { dtype: 'float64', seed: 3 });
        const reached = ((place ?? 1) - 1) * options.stride - 2 * options.padding + options.dilation * (kernel - 1) + 1;
        const forward = dataSync(conv1d(tensorOf(x), tensorOf(weight), options).mul(tensorOf(y)).sum());
        const back = convTranspose1d(tensorOf(y), tensorOf(weight), { ...options, outputPadding: length - reached });
        expect(difference(dataSync(back.mul(tensorOf(x)).sum()), forward, 1e-12)).toBeNull();
      }),
    );
  });

  const [x, weight] = [ones([2, 4, 5, 5]), ones([6, 4, 3, 3])];
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => conv2d([[1]] as never, weight), 'conv2d: x must be a tensor; got [[1]]. Wrap it: tensor(…)'],
    [() => conv2d(x, undefined as never), 'conv2d: weight must be a tensor; got undefined. Wrap it: tensor(…)'],
    [() => conv2d(ones([4, 5]), weight), 'conv2d: x must be [N, C, H, W] or [C, H, W]; got [4, 5]'],
    [() => conv1d(ones([4]), ones([1, 4, 1])), 'conv1d: x must be [N, C, L] or [C, L]; got [4]'],
    [() => conv3d(ones([2, 4]), weight), 'conv3d: x must be [N, C, D, H, W] or [C, D, H, W]; got [2, 4]'],
    [() => conv2d(x, ones([6, 4, 3])), 'conv2d: weight must have 4 dims, and sizes from 1 up in the last 2; got [6, 4, 3]'],
    [() => conv2d(x, ones([6, 4, 0, 3])), 'conv2d: weight must have 4 dims, and sizes from 1 up in the last 2; got [6, 4, 0, 3]'],
    [() => conv2d(x.int(), weight), 'conv2d: x must be float32 or float64; got int32. Cast it: x.float()'],
    [() => conv2d(x, weight.double()), "conv2d: weight must have x's dtype, float32; got float64. Cast it: weight.to('float32')"],
    [
      () => conv2d(x, ones([6, 3, 3, 3])),
      'conv2d: weight must be [O, C / groups, …] for the C channels of x; got weight [6, 3, 3, 3], x [2, 4, 5, 5] and groups 1',
    ],
    [() => conv2d(x, ones([5, 2, 3, 3]), { groups: 2 }), 'conv2d: groups must divide the output channels; got 2 groups of 5'],
    [() => conv2d(x, weight, { groups: 0 }), 'conv2d: groups must be a whole number from 1 up; got 0'],
    [() => conv2d(x, weight, { bias: ones([4]) }), 'conv2d: bias must be [6], one for each output channel; got [4]'],
    [
      () => conv2d(x, weight, { bias: zeros([6], { dtype: 'int32' }) }),
      "conv2d: bias must have x's dtype, float32; got int32. Cast it: bias.to('float32')",
    ],
    [() => conv2d(x, weight, { stride: 0 }), 'conv2d: stride must be a whole number from 1 up; got 0'],
    [() => conv2d(x, weight, { stride: [1, Number.NaN] }), 'conv2d: stride must be a whole number from 1 up; got NaN'],
    [() => conv2d(x, weight, { stride: [1] as never }), 'conv2d: stride must be a number or a list of 2; got [1]'],
    [() => conv2d(x, weight, { dilation: 1.5 }), 'conv2d: dilation must be a whole number from 1 up; got 1.5'],
    [() => conv2d(x, weight, { padding: -1 }), 'conv2d: padding must be a whole number from 0 up; got -1'],
    [() => conv2d(x, weight, { padding: 'full' as never }), "conv2d: padding must be one of 'same', 'valid'; got 'full'"],
    [() => conv2d(x, weight, { padding: 'same', stride: 2 }), "conv2d: padding 'same' needs a stride of 1; got [2, 2]"],
    [() => conv2d(x, weight, { dilation: [1, 3] }), 'conv2d: the kernel must not be larger than the padded input; got [3, 7] over [5, 5]'],
    [
      () => convTranspose2d(x, weight),
      'convTranspose2d: weight must be [C, O / groups, …] for the C channels of x; got weight [6, 4, 3, 3] and x [2, 4, 5, 5]',
    ],
    [
      () => convTranspose2d(x, ones([4, 2, 3, 3]), { groups: 3 }),
      'convTranspose2d: groups must divide the input channels; got 3 groups of 4',
    ],
    [
      () => convTranspose2d(x, ones([4, 2, 3, 3]), { bias: ones([2]), groups: 2 }),
      'convTranspose2d: bias must be [4], one for each output channel; got [2]',
    ],
    [
      () => convTranspose2d(x, ones([4, 2, 3, 3]), { stride: 2, outputPadding: 2 }),
      'convTranspose2d: outputPadding must be less than the stride or the dilation; got 2 for stride 2 and dilation 1',
    ],
    [
      () => convTranspose1d(ones([1, 2, 1]), ones([2, 1, 2]), { padding: 1 }),
      'convTranspose1d: something must be left of the result; got sizes [0] from x [1, 2, 1]',
    ],
    [
      () => convTranspose1d(ones([1, 2, 0]), ones([2, 1, 4])),
      'convTranspose1d: something must be left of the result; got sizes [3] from x [1, 2, 0]',
    ],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
