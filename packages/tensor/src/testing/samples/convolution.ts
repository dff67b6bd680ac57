import { convolutionShapes } from '../../primitives/shapes/convolution.ts';
import type { ConvolutionPrimitives } from '../../primitives/signatures.ts';
import type { ParamsOf, Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { given, noise } from '../make.ts';

/** Sums of up to some hundred products in float32 differ by roundings from those in float64. */
const tolerance = 1e-5;

/** One convolution, which all three primitives have to do with. */
interface Case {
  readonly title: string;
  readonly x: Shape;
  readonly weight: Shape;
  readonly params: ParamsOf<'convolution'>;
  readonly dtype: 'float32' | 'float64';
}
type Options = Partial<ParamsOf<'convolution'> & Pick<Case, 'dtype'>>;

const over = (title: string, x: Shape, weight: Shape, { dtype = 'float32', ...options }: Options = {}): Case => {
  const each = (value: number): readonly number[] => weight.slice(2).map(() => value);
  const params = { stride: each(1), padding: each(0), dilation: each(1), groups: 1, ...options };
  return { title, x, weight, params, dtype };
};

const cases: [Case, ...Case[]] = [
  over('one dim', [2, 3, 8], [4, 3, 3]),
  over('one dim with all options', [2, 4, 11], [6, 2, 3], { stride: [2], padding: [2], dilation: [2], groups: 2 }),
  over('two dims', [2, 3, 5, 6], [4, 3, 3, 2]),
  over('two dims, padded', [2, 3, 5, 6], [4, 3, 3, 3], { padding: [1, 1] }),
  over('two dims, strided', [2, 2, 7, 8], [3, 2, 3, 3], { stride: [2, 3], padding: [1, 0] }),
  over('two dims, dilated', [1, 2, 8, 7], [3, 2, 2, 3], { dilation: [3, 2], padding: [2, 1] }),
  over('a stride that leaves elements over', [1, 2, 6, 9], [2, 2, 2, 3], { stride: [3, 4] }),
  over('a stride larger than the kernel', [1, 2, 7, 7], [2, 2, 2, 1], { stride: [3, 3] }),
  over('groups', [2, 4, 4, 5], [6, 2, 3, 3], { padding: [1, 1], groups: 2 }),
  over('each channel for itself', [2, 5, 6, 5], [5, 1, 3, 3], { padding: [1, 1], groups: 5 }),
  over('each channel for itself, strided', [1, 3, 7, 6], [3, 1, 3, 3], { stride: [2, 2], padding: [1, 1], groups: 3 }),
  over('two outputs of each channel', [1, 3, 5, 4], [6, 1, 2, 2], { groups: 3 }),
  over('kernels of one element', [2, 5, 3, 4], [6, 5, 1, 1]),
  over('kernels of one element, strided and padded', [2, 3, 5, 4], [4, 3, 1, 1], { stride: [2, 3], padding: [1, 2] }),
  over('one input channel', [3, 1, 6, 6], [5, 1, 3, 3], { padding: [1, 1] }),
  over('a kernel as large as its input', [2, 3, 4, 3], [5, 3, 4, 3]),
  over('a kernel larger than its input, within its padding', [1, 2, 2, 3], [3, 2, 5, 5], { padding: [2, 1] }),
  over('windows that see only padding', [1, 2, 3, 2], [2, 2, 2, 2], { padding: [3, 4] }),
  over('channels that no block divides', [1, 18, 5, 7], [35, 18, 3, 3], { padding: [1, 1] }),
  over('a plane that no block divides', [2, 3, 9, 13], [5, 3, 3, 3], { padding: [1, 1] }),
  over('several blocks of a plane', [2, 4, 15, 19], [7, 4, 3, 3], { padding: [1, 1] }),
  over('three dims', [2, 2, 4, 5, 3], [3, 2, 2, 3, 2]),
  over('three dims with all options', [1, 4, 5, 6, 7], [4, 2, 3, 2, 3], {
    stride: [2, 1, 2],
    padding: [1, 0, 2],
    dilation: [1, 2, 2],
    groups: 2,
  }),
  over('no images', [0, 3, 5, 5], [4, 3, 3, 3], { padding: [1, 1] }),
  over('no input channels', [2, 0, 4, 4], [3, 0, 3, 3]),
  over('no output channels', [2, 3, 4, 4], [0, 3, 3, 3]),
  over('an empty plane within its padding', [2, 2, 0, 3], [3, 2, 2, 2], { padding: [1, 1] }),
  over('float64', [2, 2, 5, 4], [3, 2, 3, 3], { padding: [1, 1], dtype: 'float64' }),
  over('float64 with all options', [1, 4, 7, 6], [6, 2, 2, 3], {
    stride: [2, 1],
    padding: [1, 2],
    dilation: [2, 1],
    groups: 2,
    dtype: 'float64',
  }),
];

const forward = ({ title, x, weight, params, dtype }: Case): Sample<'convolution'> => ({
  title,
  inputs: [noise(x, { dtype }), noise(weight, { dtype, seed: 2 })],
  params,
  scalars: [],
  tolerance,
});

const inputGradient = (one: Case): Sample<'convolutionInputGradient'> => ({
  title: one.title,
  inputs: [gradientOf(one), noise(one.weight, { dtype: one.dtype, seed: 2 })],
  params: { ...one.params, inputSize: one.x.slice(2) },
  scalars: [],
  tolerance,
});

const weightGradient = (one: Case): Sample<'convolutionWeightGradient'> => ({
  title: one.title,
  inputs: [gradientOf(one), noise(one.x, { dtype: one.dtype })],
  params: { ...one.params, kernelSize: one.weight.slice(2) },
  scalars: [],
  tolerance: Math.max(tolerance, 2 ** -22 * productsOf(gradientOf(one).shape)),
});

/** Over all images and windows: many products of up to 4, alike in sign for long, each rounded to 24 bits. */
function productsOf([images = 1, , ...windows]: Shape): number {
  return sizeOf([images, ...windows]);
}

function gradientOf({ x, weight, params, dtype }: Case): SampleInput {
  const { shape } = convolutionShapes.convolution(
    [
      { shape: x, dtype },
      { shape: weight, dtype },
    ],
    params,
  );
  return noise(shape, { dtype, seed: 3 });
}

/** More elements than any window reaches, as an output padding of a transposed convolution asks for. */
const beyondReach: Sample<'convolutionInputGradient'> = {
  title: 'an input larger than the windows reach',
  inputs: [noise([2, 3, 3, 2], { seed: 3 }), noise([3, 2, 2, 2], { seed: 2 })],
  params: { stride: [1, 2], padding: [0, 1], dilation: [3, 3], groups: 1, inputSize: [8, 7] },
  scalars: [],
  tolerance,
};

const [first, ...others] = cases;
const special = given([1, 1, 2, 4], [Number.NaN, 1, Number.POSITIVE_INFINITY, 2, 3, Number.NEGATIVE_INFINITY, 4, 5]);

export const convolutionSamples: SampleTable<keyof ConvolutionPrimitives> = {
  convolution: [
    forward(first),
    ...others.map(forward),
    {
      ...forward(over('special values', [1, 1, 2, 4], [2, 1, 1, 2])),
      inputs: [special, given([2, 1, 1, 2], [1, 2, 0, -1])],
      differentiable: [],
    },
  ],
  convolutionInputGradient: [inputGradient(first), ...others.map(inputGradient), beyondReach],
  convolutionWeightGradient: [weightGradient(first), ...others.map(weightGradient)],
};
