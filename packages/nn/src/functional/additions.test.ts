import { requiresGrad } from '@dl/autograd';
import { ArgumentError, DTypeError, manualSeed, ones, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { beforeEach, describe, expect, test } from 'vitest';
import { functional } from '../index.ts';

const { affineGrid, convTbc, gridSample, gumbelSoftmax, linearCrossEntropy, pdist } = functional;

beforeEach(() => {
  manualSeed(20260101);
});

describe('gumbelSoftmax', () => {
  test('chooses classes as often as their probabilities say', async () => {
    const shares = tensor([0.2, 0.3, 0.5]);
    const chosen = gumbelSoftmax(shares.log().expand([20_000, 3]), { hard: true });
    const counts = await chosen.mean({ dim: 0 }).data();
    // Five standard deviations of a share of 20,000 are less than 0.018.
    (await shares.data()).forEach((share, i) => {
      expect(Math.abs((counts[i] ?? 0) - share)).toBeLessThan(0.018);
    });
  });

  test('gives distributions, one-hot ones if hard, both with the gradient of the soft one', async () => {
    const gradients: number[][] = [];
    for (const hard of [false, true]) {
      manualSeed(5);
      const logits = requiresGrad(tensor([[1, 2, 3]]));
      const sample = gumbelSoftmax(logits, { tau: 0.7, hard });
      const values = [...(await sample.data())];
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      if (hard) expect([...values].sort()).toEqual([0, 0, 1]);
      sample
        .mul(tensor([1, 4, 9]))
        .sum()
        .backward();
      gradients.push([...((await logits.grad?.data()) ?? [])]);
    }
    expect(gradients[0]).toEqual(gradients[1]);
  });

  test('samples along another dim', async () => {
    const sums = await gumbelSoftmax(zeros([3, 4]), { dim: 0, hard: true })
      .sum({ dim: 0 })
      .data();
    expect([...sums]).toEqual([1, 1, 1, 1]);
  });
});

test('the grid of the identity samples the image itself', async () => {
  const image = tensor([
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  ]);
  for (const alignCorners of [false, true]) {
    const grid = affineGrid(
      tensor([
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ]),
      image.shape,
      { alignCorners },
    );
    const sampled = await gridSample(image, grid, { alignCorners }).data();
    sampled.forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 5);
    });
  }
});

test('a NaN in a grid counts as -1', async () => {
  const image = tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  const at = (x: number, y: number): Tensor => gridSample(image, tensor([[[[x, y]]]]), { alignCorners: true });
  expect(await at(Number.NaN, 1).item()).toBe(await at(-1, 1).item());
});

test('pdist of p = 0 counts what differs, and one row has no pairs', async () => {
  expect([
    ...(await pdist(
      tensor([
        [1, 2],
        [1, 3],
        [0, 4],
      ]),
      { p: 0 },
    ).data()),
  ]).toEqual([1, 2, 2]);
  expect(pdist(ones([1, 3])).shape).toEqual([0]);
});

const int = (x: Tensor): Tensor => x.int();

test.each<[string, () => unknown, new (message?: string) => Error, string]>([
  ['temperature', () => gumbelSoftmax(ones([3]), { tau: 0 }), ArgumentError, 'gumbelSoftmax: tau must be a finite number above 0; got 0'],
  ['dim', () => gumbelSoftmax(ones([3]), { dim: 1 }), ArgumentError, 'gumbelSoftmax: dim must be an integer in [-1, 0]'],
  ['dtype', () => gumbelSoftmax(int(ones([3]))), DTypeError, 'gumbelSoftmax: logits must be float32 or float64; got int32'],
  [
    'mode',
    () => gridSample(ones([1, 1, 2, 2]), ones([1, 1, 1, 2]), { mode: 'cubic' as never }),
    ArgumentError,
    "gridSample: mode must be one of 'bilinear', 'nearest', 'bicubic'; got 'cubic'",
  ],
  [
    'padding',
    () => gridSample(ones([1, 1, 2, 2]), ones([1, 1, 1, 2]), { paddingMode: 'edge' as never }),
    ArgumentError,
    'gridSample: paddingMode must be',
  ],
  [
    'grid',
    () => gridSample(ones([1, 1, 2, 2]), ones([1, 1, 1, 3])),
    ShapeError,
    'gridSample: x must be [N, C, H, W] and grid [N, outH, outW, 2]',
  ],
  ['batch', () => gridSample(ones([1, 1, 2, 2]), ones([2, 1, 1, 2])), ShapeError, 'got x [1, 1, 2, 2] and grid [2, 1, 1, 2]'],
  ['plane', () => gridSample(ones([1, 1, 0, 2]), ones([1, 1, 1, 2])), ShapeError, 'gridSample: x must have elements in each plane'],
  [
    'mode',
    () => gridSample(ones([1, 1, 2, 2, 2]), ones([1, 1, 1, 1, 3]), { mode: 'bicubic' }),
    ArgumentError,
    "gridSample: mode 'bicubic' needs x [N, C, H, W]",
  ],
  ['dtype', () => gridSample(ones([1, 1, 2, 2]), int(ones([1, 1, 1, 2]))), DTypeError, 'gridSample: grid must be float32 or float64'],
  ['map', () => affineGrid(ones([1, 3, 4]), [1, 1, 2, 2]), ShapeError, 'affineGrid: theta must be [N, 2, 3] for a size [N, C, H, W]'],
  ['size', () => affineGrid(ones([1, 2, 3]), [1, 1, 0, 2]), ArgumentError, 'affineGrid: each size must be a whole number from 1 up; got 0'],
  ['size', () => affineGrid(ones([1, 2, 3]), 3 as never), ArgumentError, 'affineGrid: size must be [N, C, H, W] or [N, C, D, H, W]; got 3'],
  [
    'width',
    () => convTbc(ones([5, 1, 2]), ones([2, 3, 4]), ones([4])),
    ShapeError,
    'convTbc: x must be [T, B, in] and the weight [kernel, in, out]',
  ],
  [
    'kernel',
    () => convTbc(ones([2, 1, 2]), ones([5, 2, 4]), ones([4]), 1),
    ShapeError,
    'convTbc: the kernel must have 1 to T + 2 pad = 4 steps',
  ],
  ['bias', () => convTbc(ones([5, 1, 2]), ones([2, 2, 4]), ones([3])), ShapeError, 'convTbc: bias must be [4]; got [3]'],
  [
    'pad',
    () => convTbc(ones([5, 1, 2]), ones([2, 2, 4]), ones([4]), -1),
    ArgumentError,
    'convTbc: pad must be a whole number from 0 up; got -1',
  ],
  ['rank', () => pdist(ones([3])), ShapeError, 'pdist: x must be [N, M]; got [3]'],
  ['exponent', () => pdist(ones([3, 2]), { p: -1 }), ArgumentError, 'pdist: p must be from 0 up; got -1'],
  [
    'width',
    () => linearCrossEntropy(ones([2, 3]), ones([4, 2]), int(ones([2]))),
    ShapeError,
    'linearCrossEntropy: input must be [N, in] or [in]',
  ],
  [
    'bias',
    () => linearCrossEntropy(ones([2, 3]), ones([4, 3]), int(ones([2])), { linearBias: ones([3]) }),
    ShapeError,
    'linearCrossEntropy: linearBias must be [4]; got [3]',
  ],
  [
    'target',
    () => linearCrossEntropy(ones([2, 3]), ones([4, 3]), int(ones([3]))),
    ShapeError,
    'linearCrossEntropy: the input must be [N, C, …] or [C], and the target that without C',
  ],
  [
    'label',
    () => linearCrossEntropy(ones([2, 3]), ones([4, 3]), ones([2, 4]), { ignoreIndex: 1 }),
    ArgumentError,
    'linearCrossEntropy: ignoreIndex is for targets of labels',
  ],
])('a bad %s is named (%#)', (_, run, error, message) => {
  expect(run).toThrow(error);
  expect(run).toThrow(message);
});
