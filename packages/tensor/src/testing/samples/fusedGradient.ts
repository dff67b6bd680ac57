import type { FusedGradientPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { given, type NoiseOptions, noise } from '../make.ts';

const float64 = { dtype: 'float64' } as const;
const infinity = Number.POSITIVE_INFINITY;

/** Sums of products whose terms cancel: some roundings of float32 add up. */
const summed = { tolerance: 1e-5 } as const;

/** A gradient and an output; the rules hold whether or not the output's lines are probabilities. */
const along = (title: string, shape: Shape, dim: number, options: NoiseOptions = {}): Sample<'softmaxGradient'> => ({
  title,
  inputs: [noise(shape, options), noise(shape, { ...options, least: 0, most: 1, seed: 2 })],
  params: { dim },
  scalars: [],
  ...summed,
});

const lines: [Sample<'softmaxGradient'>, ...Sample<'softmaxGradient'>[]] = [
  along('the last dim', [3, 5], 1),
  along('the first dim', [5, 3], 0),
  along('a middle dim', [2, 4, 3], 1),
  along('lines longer than a vector', [3, 70], 1),
  along('many columns', [6, 37], 0),
  along('a line of one', [3, 1], 1),
  along('a scalar', [], 0),
  along('no lines', [0, 3], 1),
  along('float64', [2, 3], 1, float64),
];

const labelled = (
  title: string,
  logits: SampleInput,
  labels: readonly number[],
  ignoreIndex = -100,
  dtype: 'int32' | 'uint8' = 'int32',
): Sample<'crossEntropyGradient'> => ({
  title,
  inputs: [
    noise([labels.length], { seed: 2, dtype: logits.dtype === 'float64' ? 'float64' : 'float32' }),
    logits,
    given([labels.length], labels, dtype),
  ],
  params: { ignoreIndex },
  scalars: [],
  tolerance: 3e-6,
});

/** The statistics are inputs like the others, and need not be those of `x`. */
const layer = (title: string, shape: Shape, dims: number, options: NoiseOptions = {}): Sample<'layerNormGradient'> => {
  const inner = shape.slice(shape.length - dims);
  const kept = shape.map((size, i) => (i < shape.length - dims ? size : 1));
  return {
    title,
    inputs: [
      noise(shape, options),
      noise(shape, { ...options, seed: 2 }),
      noise(inner, { ...options, least: 0.5, most: 1.5, seed: 3 }),
      noise(kept, { ...options, least: -0.5, most: 0.5, seed: 4 }),
      noise(kept, { ...options, least: 0.5, most: 1, seed: 5 }),
    ],
    params: { dims },
    scalars: [],
    ...summed,
  };
};

const batch = (title: string, shape: Shape, eps = 1e-5, options: NoiseOptions = {}): Sample<'batchNormGradient'> => {
  const channels = shape.slice(1, 2);
  return {
    title,
    inputs: [
      noise(shape, options),
      noise(shape, { ...options, seed: 2 }),
      noise(channels, { ...options, least: 0.5, most: 1.5, seed: 3 }),
      noise(channels, { ...options, least: -0.5, most: 0.5, seed: 4 }),
      noise(channels, { ...options, least: 1, most: 2, seed: 5 }),
    ],
    params: {},
    scalars: [eps],
    ...summed,
  };
};

export const fusedGradientSamples: SampleTable<keyof FusedGradientPrimitives> = {
  reluGradient: [
    { title: 'signs of both kinds', inputs: [noise([3, 17]), noise([3, 17], { seed: 2 })], params: {}, scalars: [] },
    {
      title: 'zeros, infinities and NaN',
      inputs: [given([6], [1, 2, 3, Number.NaN, infinity, 4]), given([6], [0, -0, Number.NaN, 0, infinity, -infinity])],
      ...{ params: {}, scalars: [], differentiable: [] },
    },
    { title: 'a scalar', inputs: [noise([]), noise([], { least: 1 })], params: {}, scalars: [] },
    { title: 'no elements', inputs: [noise([0, 3]), noise([0, 3])], params: {}, scalars: [] },
    { title: 'float64', inputs: [noise([5], float64), noise([5], { ...float64, seed: 2 })], params: {}, scalars: [] },
  ],
  softmaxGradient: lines,
  logSoftmaxGradient: lines,
  crossEntropyGradient: [
    labelled('three classes', noise([4, 3]), [0, 2, 1, 2]),
    labelled('labels to ignore', noise([4, 3]), [0, -100, 1, -100]),
    labelled('a class to ignore', noise([4, 3]), [0, 2, 1, 2], 2),
    labelled('labels of uint8', noise([3, 4]), [3, 0, 1], -100, 'uint8'),
    labelled('certain and wrong', given([2, 3], [100, 0, -100, 100, 0, -100]), [0, 2]),
    { ...labelled('nothing of an ignored row', given([2, 2], [infinity, Number.NaN, 1, 2]), [-100, 0]), differentiable: [] },
    { ...labelled('an impossible class', given([1, 2], [0, -infinity]), [1]), differentiable: [] },
    labelled('one class', noise([3, 1]), [0, 0, 0]),
    labelled('no rows', noise([0, 3]), []),
    labelled('a hundred classes', noise([3, 100]), [99, 0, 50]),
    labelled('float64', noise([2, 3], float64), [1, 0]),
  ],
  layerNormGradient: [
    layer('the last dim', [3, 8], 1),
    layer('two dims of three', [2, 3, 4], 2),
    layer('all dims', [2, 3], 2),
    layer('rows longer than a vector', [5, 37], 1),
    layer('rows of one element', [3, 1], 1),
    layer('no rows', [0, 3], 1),
    layer('float64', [2, 4], 1, float64),
  ],
  batchNormGradient: [
    batch('two dims', [6, 3]),
    batch('four dims', [2, 3, 4, 2]),
    batch('planes longer than a vector', [2, 2, 5, 7]),
    batch('many channels', [4, 37]),
    batch('one channel', [5, 1]),
    batch('a large eps', [4, 2], 0.5),
    batch('float64', [4, 3], 1e-5, float64),
  ],
};
