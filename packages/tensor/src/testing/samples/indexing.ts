import type { IndexingPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { boolNoise, given, noise, wholeNoise } from '../make.ts';

const indices = (shape: Shape, data: readonly number[]): SampleInput => given(shape, data, 'int32');

/** `gather` and `indexSelect` have the same form. */
const read = (title: string, x: SampleInput, index: SampleInput, dim: number): Sample<'gather'> => ({
  title,
  inputs: [x, index],
  params: { dim },
  scalars: [],
});

/** `scatter`, `scatterAdd` and `indexAdd` have the same form. */
const write = (title: string, x: SampleInput, index: SampleInput, source: SampleInput, dim: number): Sample<'scatter'> => ({
  title,
  inputs: [x, index, source],
  params: { dim },
  scalars: [],
});

const sorted = (title: string, x: SampleInput, dim: number, descending = false): Sample<'sort'> => ({
  title,
  inputs: [x],
  params: { dim, descending },
  scalars: [],
});

const source = (shape: Shape): SampleInput => noise(shape, { seed: 2 });

/** Each place is written at most once. */
const writesOnce: [Sample<'scatter'>, ...Sample<'scatter'>[]] = [
  write('the last dim', noise([2, 4]), indices([2, 2], [3, 0, 1, 2]), source([2, 2]), 1),
  write('the first dim', noise([4, 2]), indices([2, 2], [3, 0, 1, 2]), source([2, 2]), 0),
  write('a middle dim of three', noise([2, 3, 2]), indices([2, 1, 2], [2, 0, 1, 1]), source([2, 1, 2]), 1),
  write('an index smaller than x in other dims', noise([3, 4, 3]), indices([2, 2, 2], [0, 1, 2, 3, 3, 2, 1, 0]), source([2, 2, 2]), 1),
  write('a scalar', noise([]), indices([], [0]), source([]), 0),
  write('no indices', noise([3]), indices([0], []), source([0]), 0),
  write('float64', noise([3], { dtype: 'float64' }), indices([2], [2, 0]), noise([2], { dtype: 'float64', seed: 2 }), 0),
  write('int32', wholeNoise([3], -9, 9), indices([2], [1, 2]), given([2], [70, 80], 'int32'), 0),
];

const repeatedIndices = write('one place more than once', noise([4]), indices([5], [1, 3, 1, 1, 0]), source([5]), 0);
const negativeBytes = write('uint8 that wraps', given([3], [250, 0, 7], 'uint8'), indices([2], [0, 0]), given([2], [3, 4], 'uint8'), 0);

const ties = given([9], [2, 1, 2, 1, 3, 2, 1, 3, 2]);
const special = given([7], [1, Number.NaN, Number.NEGATIVE_INFINITY, 3, Number.NaN, Number.POSITIVE_INFINITY, -2]);
const flat = { differentiable: [] } as const;

export const indexingSamples: SampleTable<keyof IndexingPrimitives> = {
  gather: [
    read('the last dim', noise([2, 4]), indices([2, 3], [3, 0, 0, 1, 2, 1]), 1),
    read('the first dim', noise([4, 2]), indices([3, 2], [3, 0, 0, 1, 2, 1]), 0),
    read('a middle dim of three', noise([2, 3, 2]), indices([2, 2, 2], [2, 0, 1, 1, 0, 0, 2, 2]), 1),
    read('an index longer than the dim', noise([2]), indices([5], [0, 1, 1, 0, 1]), 0),
    read('an index smaller than x in other dims', noise([3, 4, 3]), indices([2, 2, 2], [0, 1, 2, 3, 3, 2, 1, 0]), 1),
    read('a scalar', noise([]), indices([], [0]), 0),
    read('no indices', noise([3]), indices([0], []), 0),
    read('int32', wholeNoise([4], -9, 9), indices([2], [3, 1]), 0),
    read('bool', boolNoise([4]), indices([3], [3, 1, 0]), 0),
    read('float64', noise([4], { dtype: 'float64' }), indices([2], [3, 1]), 0),
  ],
  scatter: [...writesOnce, { ...repeatedIndices, differentiable: [0] }, negativeBytes],
  // The order of additions is free: a place that is hit often differs by roundings.
  scatterAdd: [...writesOnce, { ...repeatedIndices, tolerance: 1e-5 }, negativeBytes],
  indexSelect: [
    read('rows', noise([4, 3]), indices([3], [3, 0, 0]), 0),
    read('columns', noise([3, 4]), indices([2], [2, 1]), 1),
    read('a middle dim', noise([2, 3, 2]), indices([4], [2, 2, 0, 1]), 1),
    read('a vector', noise([5]), indices([2], [4, 0]), 0),
    read('no indices', noise([3, 2]), indices([0], []), 0),
    read('uint8', wholeNoise([4, 2], 0, 255, 'uint8'), indices([2], [3, 1]), 0),
    read('bool', boolNoise([4]), indices([2], [3, 1]), 0),
    read('float64', noise([4, 2], { dtype: 'float64' }), indices([1], [2]), 0),
  ],
  indexAdd: [
    write('rows', noise([4, 3]), indices([2], [3, 0]), source([2, 3]), 0),
    write('columns', noise([3, 4]), indices([2], [2, 1]), source([3, 2]), 1),
    { ...write('one row more than once', noise([3, 2]), indices([4], [1, 1, 0, 1]), source([4, 2]), 0), tolerance: 1e-5 },
    write('a middle dim', noise([2, 3, 2]), indices([2], [2, 0]), source([2, 2, 2]), 1),
    write('no indices', noise([3, 2]), indices([0], []), source([0, 2]), 0),
    write('int32', wholeNoise([3], -9, 9), indices([2], [1, 1]), given([2], [70, 80], 'int32'), 0),
    write('float64', noise([3], { dtype: 'float64' }), indices([2], [2, 0]), noise([2], { dtype: 'float64', seed: 2 }), 0),
  ],
  sort: [
    sorted('a vector', noise([7]), 0),
    sorted('a vector, descending', noise([7]), 0, true),
    sorted('the last dim', noise([3, 4]), 1),
    sorted('the first dim, descending', noise([4, 3]), 0, true),
    sorted('a middle dim', noise([2, 5, 3]), 1),
    sorted('a long line', noise([2, 300]), 1),
    { ...sorted('equal elements keep their order', ties, 0), ...flat },
    { ...sorted('equal elements keep their order, descending', ties, 0, true), ...flat },
    { ...sorted('special values', special, 0), ...flat },
    { ...sorted('special values, descending', special, 0, true), ...flat },
    sorted('a scalar', noise([]), 0),
    sorted('no elements', noise([2, 0]), 1),
    sorted('int32', wholeNoise([8], -5, 5), 0),
    sorted('bool', boolNoise([6]), 0),
    sorted('float64', noise([5], { dtype: 'float64' }), 0),
  ],
};
