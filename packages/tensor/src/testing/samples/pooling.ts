import { poolingShapes } from '../../primitives/shapes/pooling.ts';
import type { PoolingPrimitives } from '../../primitives/signatures.ts';
import type { ParamsOf, Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { given, noise, wholeNoise } from '../make.ts';

const nan = Number.NaN;
const infinity = Number.POSITIVE_INFINITY;
const flat = { differentiable: [] } as const;

type MaxParams = ParamsOf<'maxPool'>;
type AverageParams = ParamsOf<'avgPool'>;

const maxOver = (title: string, x: SampleInput, kernelSize: readonly number[], options: Partial<MaxParams> = {}): Sample<'maxPool'> => ({
  title,
  inputs: [x],
  params: {
    kernelSize,
    stride: kernelSize,
    padding: kernelSize.map(() => 0),
    dilation: kernelSize.map(() => 1),
    ceilMode: false,
    ...options,
  },
  scalars: [],
});

const maxPools: [Sample<'maxPool'>, ...Sample<'maxPool'>[]] = [
  maxOver('one dim', noise([2, 3, 8]), [2]),
  maxOver('halves', noise([2, 3, 4, 6]), [2, 2]),
  maxOver('halves of a wide plane', noise([2, 2, 6, 70]), [2, 2]),
  maxOver('halves of odd sizes', noise([1, 2, 5, 35]), [2, 2]),
  maxOver('halves of odd sizes, rounded up', noise([1, 2, 5, 35]), [2, 2], { ceilMode: true }),
  maxOver('windows that overlap', noise([1, 2, 7, 6]), [3, 3], { stride: [2, 2], padding: [1, 1] }),
  maxOver('windows that overlap, everywhere', noise([1, 2, 5, 6]), [3, 2], { stride: [1, 1], padding: [1, 1] }),
  maxOver('windows with gaps between', noise([1, 1, 9, 8]), [2, 2], { stride: [4, 3] }),
  maxOver('dilated', noise([1, 2, 9, 8]), [3, 2], { stride: [2, 1], padding: [1, 1], dilation: [2, 3] }),
  maxOver('rounded up, where the last window sticks out', noise([1, 1, 6, 7]), [3, 3], { stride: [2, 2], ceilMode: true }),
  maxOver('rounded up, where the last window would begin in the padding', noise([1, 1, 3, 5]), [2, 2], {
    padding: [1, 1],
    stride: [2, 2],
    ceilMode: true,
  }),
  maxOver('one window', noise([2, 2, 3, 4]), [3, 4]),
  maxOver('windows of one element', noise([1, 2, 3, 3]), [1, 1]),
  maxOver('three dims', noise([1, 2, 4, 5, 6]), [2, 3, 2], { stride: [2, 2, 1], padding: [0, 1, 1] }),
  maxOver('no images', noise([0, 2, 4, 4]), [2, 2]),
  { ...maxOver('the first of equals', given([1, 1, 2, 4], [1, 3, 2, 2, 3, 3, 2, 2]), [2, 2]), ...flat },
  { ...maxOver('zeros of both signs', given([1, 1, 2, 4], [-0, 0, 0, -0, -0, -0, -0, 0]), [2, 2]), ...flat },
  { ...maxOver('not a number', given([1, 1, 2, 6], [1, nan, nan, nan, 3, 1, 9, 2, infinity, nan, nan, infinity]), [2, 2]), ...flat },
  { ...maxOver('minus infinity only', given([1, 1, 2, 4], new Array(8).fill(-infinity)), [2, 2]), ...flat },
  { ...maxOver('minus infinity in padding', given([1, 1, 4], [-infinity, -infinity, 1, 2]), [3], { stride: [1], padding: [1] }), ...flat },
  maxOver('float64', noise([1, 2, 4, 4], { dtype: 'float64' }), [2, 2]),
  maxOver('float64 that overlaps', noise([1, 2, 5, 4], { dtype: 'float64' }), [3, 3], { stride: [1, 1], padding: [1, 1] }),
  maxOver('int32', wholeNoise([1, 2, 4, 6], -9, 9), [2, 2]),
  maxOver('int32 that overlaps', wholeNoise([1, 2, 4, 6], -9, 9), [3, 3], { stride: [2, 2], padding: [1, 1] }),
];

const spread = (
  title: string,
  gradient: SampleInput,
  indices: readonly number[],
  inputSize: readonly number[],
): Sample<'maxPoolGradient'> => ({
  title,
  inputs: [gradient, given(gradient.shape, indices, 'int32')],
  params: { inputSize },
  scalars: [],
});

const averageOver = (
  title: string,
  x: SampleInput,
  kernelSize: readonly number[],
  options: Partial<AverageParams> = {},
): Sample<'avgPool'> => ({
  title,
  inputs: [x],
  params: {
    kernelSize,
    stride: kernelSize,
    padding: kernelSize.map(() => 0),
    ceilMode: false,
    countIncludePad: true,
    divisorOverride: null,
    ...options,
  },
  scalars: [],
});

const overlapping = { stride: [2, 2], padding: [1, 1] } as const;

const averages: [Sample<'avgPool'>, ...Sample<'avgPool'>[]] = [
  averageOver('one dim', noise([2, 3, 8]), [2]),
  averageOver('halves', noise([2, 3, 4, 6]), [2, 2]),
  averageOver('halves of a wide plane', noise([1, 2, 4, 70]), [2, 2]),
  averageOver('odd sizes', noise([1, 2, 5, 7]), [2, 2]),
  averageOver('windows that overlap', noise([1, 2, 7, 6]), [3, 3], overlapping),
  averageOver('windows that overlap, padding not counted', noise([1, 2, 7, 6]), [3, 3], { ...overlapping, countIncludePad: false }),
  averageOver('windows that overlap, with a divisor', noise([1, 2, 7, 6]), [3, 3], { ...overlapping, divisorOverride: 5 }),
  averageOver('rounded up', noise([1, 2, 6, 8]), [3, 3], { ...overlapping, ceilMode: true }),
  averageOver('rounded up, padding not counted', noise([1, 2, 6, 8]), [3, 3], { ...overlapping, ceilMode: true, countIncludePad: false }),
  averageOver('rounded up, without padding', noise([1, 2, 6, 7]), [3, 3], { stride: [2, 2], ceilMode: true }),
  averageOver('windows with gaps between', noise([1, 1, 9, 8]), [2, 2], { stride: [4, 3] }),
  averageOver('one window', noise([2, 2, 3, 4]), [3, 4]),
  averageOver('three dims', noise([1, 2, 4, 5, 6]), [2, 3, 2], { stride: [2, 2, 1], padding: [0, 1, 1] }),
  averageOver('no images', noise([0, 2, 4, 4]), [2, 2]),
  { ...averageOver('special values', given([1, 1, 2, 4], [1, nan, infinity, 1, 1, 1, 2, -3]), [2, 2]), ...flat },
  averageOver('float64', noise([1, 2, 5, 4], { dtype: 'float64' }), [3, 3], { ...overlapping, countIncludePad: false }),
];

const averageGradient = (sample: Sample<'avgPool'>): Sample<'avgPoolGradient'> => {
  const { title, inputs, params } = sample;
  const [{ shape, dtype, data }] = inputs;
  const pooled: Shape = poolingShapes.avgPool(inputs, params).shape;
  const gradient = data.every(Number.isFinite)
    ? noise(pooled, { seed: 3, dtype: dtype === 'float64' ? dtype : 'float32' })
    : given(pooled, [nan, infinity]);
  return { ...sample, title, inputs: [gradient], params: { ...params, inputSize: shape.slice(2) } };
};

const [firstAverage, ...otherAverages] = averages;

export const poolingSamples: SampleTable<keyof PoolingPrimitives> = {
  maxPool: maxPools,
  maxPoolGradient: [
    spread('one dim', noise([1, 2, 3]), [0, 2, 5, 1, 3, 4], [6]),
    spread('two dims', noise([2, 1, 1, 2]), [1, 4, 3, 2], [2, 3]),
    spread('elements that nobody names', noise([1, 1, 1, 1]), [7], [3, 4]),
    // The order of additions is free.
    { ...spread('an element more than once', noise([1, 2, 2, 2]), [4, 4, 4, 5, 0, 8, 0, 0], [3, 3]), tolerance: 3e-6 },
    spread('three dims', noise([1, 1, 1, 2, 1]), [5, 11], [2, 3, 2]),
    spread('no images', noise([0, 2, 1, 1]), [], [2, 2]),
    { ...spread('special values', given([1, 1, 4], [nan, infinity, -infinity, 1]), [0, 2, 2, 3], [4]), ...flat },
    spread('float64', noise([1, 1, 2, 2], { dtype: 'float64' }), [0, 3, 3, 6], [3, 3]),
  ],
  avgPool: averages,
  avgPoolGradient: [averageGradient(firstAverage), ...otherAverages.map(averageGradient)],
};
