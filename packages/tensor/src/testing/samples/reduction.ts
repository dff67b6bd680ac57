import type { ReductionPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleTable } from '../../primitives/tables.ts';
import { boolNoise, given, noise, wholeNoise } from '../make.ts';

type Reduction = Sample<'sum'>;
type Position = Sample<'argmax'>;
type Input = Reduction['inputs'][0];

const over = (title: string, x: Input, dims: readonly number[], keepDim = false): Reduction => ({
  title,
  inputs: [x],
  params: { dims, keepDim },
  scalars: [],
});
const flat = { differentiable: [] } as const;
const nan = Number.NaN;
const infinity = Number.POSITIVE_INFINITY;

const reductions: [Reduction, ...Reduction[]] = [
  over('all dims', noise([2, 3, 4]), [0, 1, 2]),
  over('all dims, kept', noise([2, 3]), [0, 1], true),
  over('the first dim', noise([3, 4]), [0]),
  over('the last dim', noise([3, 4]), [1]),
  over('a middle dim, kept', noise([2, 3, 4]), [1], true),
  over('two neighbouring dims', noise([2, 3, 4, 2]), [1, 2]),
  over('two dims with one between', noise([2, 3, 4]), [0, 2]),
  over('three of five dims', noise([2, 3, 1, 2, 3]), [0, 2, 4], true),
  over('a dim of size 1', noise([3, 1, 2]), [1]),
  over('a scalar', noise([]), []),
  over('no dims', noise([2, 2]), []),
  over('nothing left over', noise([0, 3]), [1]),
  over('float64', noise([3, 2], { dtype: 'float64' }), [0]),
  over('int32', wholeNoise([3, 4], -5, 5), [0]),
  over('uint8', given([2, 3], [200, 100, 255, 1, 2, 3], 'uint8'), [1]),
  { ...over('not a number', given([3, 2], [1, nan, 3, 2, infinity, -infinity]), [0]), ...flat },
];

const overNothing: Reduction[] = [over('of nothing', noise([0, 3]), [0]), over('of nothing at all', noise([0]), [0], true)];
const bools = over('bool', boolNoise([3, 4]), [1]);

const at = (title: string, x: Input, dim: number, keepDim = false): Position => ({
  title,
  inputs: [x],
  params: { dim, keepDim },
  scalars: [],
  ...flat,
});

const positions: [Position, ...Position[]] = [
  at('the last dim', noise([3, 4]), 1),
  at('the first dim, kept', noise([3, 4]), 0, true),
  at('a middle dim', noise([2, 3, 4]), 1),
  at('the first of equal ones', given([2, 4], [1, 3, 3, 1, 2, 2, 2, 2]), 1),
  at('not a number wins', given([4], [1, nan, 9, nan]), 0),
  at('infinities only', given([2, 2], [-infinity, -infinity, infinity, infinity]), 1),
  at('size 1', noise([3, 1]), 1),
  at('nothing left over', noise([0, 3]), 1),
  at('float64', noise([5], { dtype: 'float64' }), 0),
  at('int32', wholeNoise([4, 3], -3, 3), 0),
  at('uint8', given([4], [3, 255, 0, 255], 'uint8'), 0),
];

const along = (title: string, x: Input, dim: number): Sample<'cumsum'> => ({ title, inputs: [x], params: { dim }, scalars: [] });

export const reductionSamples: SampleTable<keyof ReductionPrimitives> = {
  sum: [...reductions, ...overNothing, bools],
  prod: [...reductions, ...overNothing, bools, over('int32 beyond its range', given([3], [65536, 65537, 3], 'int32'), [0])],
  amax: [...reductions, bools],
  amin: [...reductions, bools],
  argmax: positions,
  argmin: positions,
  cumsum: [
    along('a vector', noise([5]), 0),
    along('the first dim', noise([3, 4]), 0),
    along('the last dim', noise([3, 4]), 1),
    along('a middle dim of five', noise([2, 1, 3, 2, 2]), 2),
    along('size 1', noise([2, 1]), 1),
    along('no elements', noise([0, 3]), 0),
    along('float64', noise([4], { dtype: 'float64' }), 0),
    along('int32', wholeNoise([2, 3], -9, 9), 1),
    along('uint8', given([3], [200, 100, 255], 'uint8'), 0),
    along('bool', boolNoise([6]), 0),
  ],
};
