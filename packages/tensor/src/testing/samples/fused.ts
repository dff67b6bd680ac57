import type { FusedPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { given, noise, wholeNoise } from '../make.ts';

const float64 = { dtype: 'float64' } as const;
const infinity = Number.POSITIVE_INFINITY;
const flat = { differentiable: [] } as const;

/** Sums of products, or a division by a computed deviation: some roundings of float32 add up. */
const summed = { tolerance: 1e-5 } as const;

const linear = (title: string, x: Shape, [outputs, inputs]: readonly [number, number]): Sample<'linear'> => ({
  title,
  inputs: [noise(x), noise([outputs, inputs], { seed: 2 }), noise([outputs], { seed: 3 })],
  params: {},
  scalars: [],
  ...summed,
});

const along = (title: string, x: SampleInput, dim: number): Sample<'softmax'> => ({
  title,
  inputs: [x],
  params: { dim },
  scalars: [],
  tolerance: 3e-6,
});

const softmaxes: [Sample<'softmax'>, ...Sample<'softmax'>[]] = [
  along('the last dim', noise([3, 5]), 1),
  along('the first dim', noise([5, 3]), 0),
  along('a middle dim', noise([2, 4, 3]), 1),
  along('a long line', noise([2, 300]), 1),
  along('a line of one', noise([3, 1]), 1),
  along('a scalar', noise([]), 0),
  along('no lines', noise([0, 3]), 1),
  along('numbers whose exponentials overflow', given([2, 3], [1000, 999, -1000, 90, 0, 89]), 1),
  { ...along('minus infinity', given([2, 3], [-infinity, 1, 2, 0, -infinity, -infinity]), 1), ...flat },
  {
    ...along('minus infinity only, infinity, not a number', given([3, 2], [-infinity, -infinity, infinity, 1, Number.NaN, 1]), 1),
    ...flat,
  },
  along('float64', noise([2, 3], float64), 1),
];

const labelled = (title: string, logits: SampleInput, labels: readonly number[], ignoreIndex = -100): Sample<'crossEntropy'> => ({
  title,
  inputs: [logits, given([labels.length], labels, 'int32')],
  params: { ignoreIndex },
  scalars: [],
  tolerance: 3e-6,
});

const layer = (title: string, x: SampleInput, dims: number, eps = 1e-5): Sample<'layerNorm'> => ({
  title,
  inputs: affine(x, x.shape.slice(x.shape.length - dims)),
  params: { dims },
  scalars: [eps],
  ...summed,
});

const batch = (title: string, x: SampleInput, eps = 1e-5): Sample<'batchNorm'> => ({
  title,
  inputs: affine(x, x.shape.slice(1, 2)),
  params: {},
  scalars: [eps],
  ...summed,
});

/** What is normalised, with a weight and a bias. */
function affine(x: SampleInput, shape: Shape): [SampleInput, SampleInput, SampleInput] {
  const dtype = x.dtype === 'float64' ? 'float64' : 'float32';
  return [x, noise(shape, { least: 0.5, most: 1.5, seed: 2, dtype }), noise(shape, { seed: 3, dtype })];
}

const dropped = (title: string, x: SampleInput, p: number, offset = 0): Sample<'dropout'> => ({
  title,
  inputs: [x],
  params: {},
  scalars: [p, 123456789, 4000000000, 0, offset],
});

const gelu = (title: string, x: SampleInput, approximate: 'none' | 'tanh'): Sample<'gelu'> => ({
  title,
  inputs: [x],
  params: { approximate },
  scalars: [],
  tolerance: 2e-6,
});

const silu = (title: string, x: SampleInput): Sample<'silu'> => ({ title, inputs: [x], params: {}, scalars: [] });

const softplus = (title: string, x: SampleInput, beta: number, threshold: number): Sample<'softplus'> => ({
  title,
  inputs: [x],
  params: {},
  scalars: [beta, threshold],
});

const wide = noise([40], { least: -12, most: 12 });
const far = given([6], [-80, -30, 30, 80, 0, -0]);

export const fusedSamples: SampleTable<keyof FusedPrimitives> = {
  linear: [
    linear('a batch of rows', [5, 3], [4, 3]),
    linear('sizes that no block divides', [9, 17], [11, 17]),
    linear('several leading dims', [2, 3, 4], [5, 4]),
    linear('one row', [1, 6], [3, 6]),
    linear('a vector', [6], [3, 6]),
    linear('no inputs: the bias', [2, 0], [3, 0]),
    linear('no rows', [0, 3], [2, 3]),
    linear('no outputs', [2, 3], [0, 3]),
    {
      title: 'float64',
      inputs: [noise([2, 3], float64), noise([2, 3], { ...float64, seed: 2 }), noise([2], { ...float64, seed: 3 })],
      params: {},
      scalars: [],
    },
  ],
  softmax: softmaxes,
  logSoftmax: softmaxes,
  crossEntropy: [
    labelled('three classes', noise([4, 3]), [0, 2, 1, 2]),
    labelled('labels to ignore', noise([4, 3]), [0, -100, 1, -100]),
    labelled('a class to ignore', noise([4, 3]), [0, 2, 1, 2], 2),
    labelled('certain and wrong', given([2, 3], [100, 0, -100, 100, 0, -100]), [0, 2]),
    labelled('one class', noise([3, 1]), [0, 0, 0]),
    labelled('no rows', noise([0, 3]), []),
    labelled('a hundred classes', noise([3, 100]), [99, 0, 50]),
    { ...labelled('an impossible class', given([1, 2], [0, -infinity]), [1]), ...flat },
    labelled('float64', noise([2, 3], float64), [1, 0]),
  ],
  layerNorm: [
    layer('the last dim', noise([3, 8]), 1),
    layer('two dims of three', noise([2, 3, 4]), 2),
    layer('all dims', noise([2, 3]), 2),
    layer('a large eps', noise([2, 5]), 1, 0.5),
    layer('far from zero', noise([2, 6], { least: 99, most: 101 }), 1),
    layer('rows of one element', noise([3, 1]), 1, 0.1),
    layer('no rows', noise([0, 3]), 1),
    layer('float64', noise([2, 4], float64), 1),
  ],
  batchNorm: [
    batch('two dims', noise([6, 3])),
    batch('four dims', noise([2, 3, 4, 2])),
    batch('one channel', noise([5, 1])),
    batch('a large eps', noise([4, 2]), 0.5),
    batch('far from zero', noise([6, 2], { least: 99, most: 101 })),
    batch('float64', noise([4, 3], float64)),
  ],
  dropout: [
    dropped('a fifth of a vector', noise([37]), 0.2),
    dropped('half of a matrix', noise([5, 7]), 0.5, 3),
    dropped('p = 0 keeps all', noise([8]), 0),
    dropped('p = 1 keeps nothing', noise([8]), 1),
    dropped('a scalar', noise([]), 0.5),
    dropped('no elements', noise([0, 2]), 0.5),
    dropped('float64', noise([9], float64), 0.3, 2 ** 31 + 5),
  ],
  gelu: [
    gelu('exact', wide, 'none'),
    gelu('approximate', wide, 'tanh'),
    gelu('exact, far from zero', far, 'none'),
    gelu('approximate, far from zero', far, 'tanh'),
    gelu('exact, float64', noise([5], float64), 'none'),
    gelu('approximate, float64', noise([5], float64), 'tanh'),
  ],
  silu: [silu('a vector', wide), silu('far from zero', far), silu('a matrix', noise([3, 4])), silu('float64', noise([5], float64))],
  softplus: [
    softplus('the defaults', wide, 1, 20),
    softplus('a sharp bend', noise([9]), 5, 20),
    softplus('a negative beta', noise([9]), -1, 20),
    softplus('a low threshold', given([4], [-3, 0.5, 2, 3]), 1, 1),
    softplus('far from zero', far, 1, 20),
    softplus('no threshold', given([3], [-5, 0, 5]), 2, infinity),
    softplus('float64', noise([5], float64), 1, 20),
  ],
  withGradient: [
    { title: 'a matrix', inputs: [noise([2, 3])], params: {}, scalars: [] },
    {
      title: 'more inputs, of other shapes',
      inputs: [noise([2]), noise([3], { seed: 2 }), wholeNoise([4], 0, 9)],
      params: {},
      scalars: [],
      differentiable: [0],
    },
  ],
};
