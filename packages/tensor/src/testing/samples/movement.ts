import type { MovementPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { boolNoise, given, noise, wholeNoise } from '../make.ts';

const reshaped = (title: string, x: SampleInput, shape: Shape): Sample<'reshape'> => ({
  title,
  inputs: [x],
  params: { shape },
  scalars: [],
});
const permuted = (title: string, x: SampleInput, dims: Shape): Sample<'permute'> => ({ title, inputs: [x], params: { dims }, scalars: [] });
const expanded = (title: string, x: SampleInput, shape: Shape): Sample<'expand'> => ({
  title,
  inputs: [x],
  params: { shape },
  scalars: [],
});
const joined = (title: string, inputs: readonly SampleInput[], dim: number): Sample<'cat'> => ({
  title,
  inputs,
  params: { dim },
  scalars: [],
});
const detached = (title: string, x: SampleInput): Sample<'detach'> => ({ title, inputs: [x], params: {}, scalars: [], differentiable: [] });

/** A slice and a pad have the same params: shape and steps; and one start for each dim. */
const moved = (title: string, x: SampleInput, shape: Shape, starts: Shape, steps: Shape = shape.map(() => 1)): Sample<'slice'> => ({
  title,
  inputs: [x],
  params: { shape, steps },
  scalars: starts,
});

const special = given([6], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1, 2]);

export const movementSamples: SampleTable<keyof MovementPrimitives> = {
  reshape: [
    reshaped('two dims to three', noise([4, 6]), [2, 3, 4]),
    reshaped('a scalar to a matrix', noise([]), [1, 1]),
    reshaped('one element to a scalar', noise([1, 1, 1]), []),
    reshaped('no elements', noise([0, 3]), [5, 0]),
    reshaped('bytes', wholeNoise([6], 0, 255, 'uint8'), [2, 3]),
    reshaped('special values', special, [3, 2]),
    reshaped('float64', noise([4], { dtype: 'float64' }), [2, 2]),
  ],
  permute: [
    permuted('a matrix', noise([3, 5]), [1, 0]),
    permuted('a large matrix', noise([37, 65]), [1, 0]),
    permuted('three dims, a cycle', noise([2, 3, 4]), [2, 0, 1]),
    permuted('the last dim in its place', noise([3, 2, 5]), [1, 0, 2]),
    permuted('four dims, sizes of 1 between', noise([2, 1, 3, 4]), [3, 1, 0, 2]),
    permuted('five dims reversed', noise([2, 3, 2, 2, 3]), [4, 3, 2, 1, 0]),
    permuted('nothing moves', noise([2, 3]), [0, 1]),
    permuted('a scalar', noise([]), []),
    permuted('no elements', noise([3, 0, 2]), [2, 1, 0]),
    permuted('int32', wholeNoise([2, 3], -9, 9), [1, 0]),
    permuted('bool', boolNoise([3, 2]), [1, 0]),
    permuted('float64', noise([2, 3], { dtype: 'float64' }), [1, 0]),
  ],
  expand: [
    expanded('the first dim', noise([1, 4]), [3, 4]),
    expanded('the last dim', noise([4, 1]), [4, 3]),
    expanded('a middle dim', noise([2, 1, 3]), [2, 4, 3]),
    expanded('the outer two of three dims', noise([1, 2, 1]), [3, 2, 4]),
    expanded('dims added in front', noise([3]), [2, 4, 3]),
    expanded('a scalar', noise([]), [2, 3]),
    expanded('to no elements', noise([1, 3]), [0, 3]),
    expanded('nothing to repeat', noise([2, 3]), [2, 3]),
    expanded('uint8', wholeNoise([2, 1], 0, 255, 'uint8'), [2, 5]),
    expanded('float64', noise([1, 2], { dtype: 'float64' }), [3, 2]),
  ],
  slice: [
    moved('a part of a vector', noise([7]), [3], [2]),
    moved('rows', noise([5, 3]), [2, 3], [3, 0]),
    moved('columns', noise([3, 5]), [3, 2], [0, 1]),
    moved('every second', noise([7]), [3], [1], [2]),
    moved('backwards', noise([5]), [5], [4], [-1]),
    moved('backwards in steps, and a dim forwards', noise([6, 4]), [2, 2], [5, 1], [-3, 2]),
    moved('the middle of three dims', noise([3, 4, 5]), [2, 2, 2], [1, 1, 2], [1, 2, 1]),
    moved('one element', noise([3, 3]), [1, 1], [2, 0]),
    moved('nothing', noise([4]), [0], [0]),
    moved('a scalar', noise([]), [], []),
    moved('int32', wholeNoise([4, 4], -99, 99), [2, 4], [1, 0]),
    moved('bool', boolNoise([6]), [3], [3]),
    moved('float64', noise([4], { dtype: 'float64' }), [2], [1]),
  ],
  pad: [
    moved('both ends of a vector', noise([3]), [6], [2]),
    moved('two dims', noise([2, 3]), [4, 5], [1, 2]),
    moved('zeros between', noise([3]), [6], [0], [2]),
    moved('backwards', noise([3]), [3], [2], [-1]),
    moved('backwards in steps', noise([2, 2]), [5, 3], [4, 0], [-3, 1]),
    moved('three dims', noise([2, 2, 2]), [3, 2, 4], [1, 0, 1]),
    moved('nothing to add', noise([2, 2]), [2, 2], [0, 0]),
    moved('from no elements', noise([0, 2]), [3, 2], [0, 0]),
    moved('special values', special, [8], [1]),
    moved('uint8', wholeNoise([2], 1, 255, 'uint8'), [4], [1]),
    moved('float64', noise([2], { dtype: 'float64' }), [4], [1]),
  ],
  cat: [
    joined('rows', [noise([2, 3]), noise([1, 3], { seed: 2 })], 0),
    joined('columns', [noise([2, 3]), noise([2, 1], { seed: 2 }), noise([2, 2], { seed: 3 })], 1),
    joined('a middle dim', [noise([2, 1, 3]), noise([2, 2, 3], { seed: 2 })], 1),
    joined('one with no elements', [noise([2, 0]), noise([2, 2], { seed: 2 })], 1),
    joined('a single one', [noise([3])], 0),
    joined(
      'more than eight',
      Array.from({ length: 9 }, (_, i) => noise([2, 1 + (i % 3)], { seed: i + 1 })),
      1,
    ),
    joined('int32', [wholeNoise([2], -9, 9), wholeNoise([3], -9, 9, 'int32', 2)], 0),
    joined('bool', [boolNoise([2]), boolNoise([3])], 0),
    joined('float64', [noise([2], { dtype: 'float64' }), noise([1], { dtype: 'float64', seed: 2 })], 0),
  ],
  detach: [detached('a matrix', noise([2, 3])), detached('a scalar', noise([])), detached('int32', wholeNoise([3], -9, 9))],
};
