import type { Sample, SampleInput } from '../../primitives/tables.ts';
import { boolNoise, given, type NoiseOptions, noise, wholeNoise } from '../make.ts';

type UnarySample = Sample<'neg'>;
type BinarySample = Sample<'add'>;
type Limits = Pick<UnarySample, 'differentiable' | 'tolerance'>;

/** What float functions stumble on. */
export const specials: SampleInput = given([7], [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e-30, -3e38]);

const one = (title: string, x: SampleInput, limits: Limits = {}): UnarySample => ({
  title,
  inputs: [x],
  params: {},
  scalars: [],
  ...limits,
});
const two = (title: string, a: SampleInput, b: SampleInput, limits: Limits = {}): BinarySample => ({
  title,
  inputs: [a, b],
  params: {},
  scalars: [],
  ...limits,
});

/** A unary function on floats, with arguments in a range where it is smooth; and on special values, where it need not be. */
export function unary({ differentiable, tolerance, ...range }: NoiseOptions & Limits = {}): [UnarySample, ...UnarySample[]] {
  const limits = { ...(differentiable && { differentiable }), ...(tolerance && { tolerance }) };
  return [
    one('a matrix', noise([3, 4], range), limits),
    one('a scalar', noise([], range), limits),
    one('five dims', noise([2, 1, 3, 1, 2], range), limits),
    one('no elements', noise([0, 3], range), limits),
    one('float64', noise([5], { ...range, dtype: 'float64' }), limits),
    one('special values', specials, { ...limits, differentiable: [] }),
  ];
}

/** A unary function that takes whole numbers as they are. */
export function wholeUnary(): UnarySample[] {
  return [one('int32', given([2, 2], [-(2 ** 31), -1, 0, 7], 'int32')), one('uint8', given([3], [0, 1, 255], 'uint8'))];
}

/** A binary function on floats that broadcast in all ways. */
export function arithmetic(range: NoiseOptions = {}, limits: Limits = {}): [BinarySample, ...BinarySample[]] {
  const other = { ...range, seed: 2 };
  return [
    two('one shape', noise([2, 3], range), noise([2, 3], other), limits),
    two('a row', noise([4, 3], range), noise([3], other), limits),
    two('a column', noise([4, 3], range), noise([4, 1], other), limits),
    two('both broadcast', noise([2, 1, 3], range), noise([4, 1], other), limits),
    two('a scalar on the left', noise([], range), noise([2, 3], other), limits),
    two('a single element on the right', noise([2, 3], range), noise([1, 1, 1], other), limits),
    two('five dims, broadcast in the middle', noise([2, 3, 1, 2, 2], range), noise([2, 1, 2, 1, 2], other), limits),
    two('no elements', noise([0, 3], range), noise([1, 3], other), limits),
    two('float64', noise([3], { ...range, dtype: 'float64' }), noise([2, 1], { ...other, dtype: 'float64' }), limits),
    two('special values', column(specials), specials, { ...limits, differentiable: [] }),
  ];
}

/** A binary function on whole numbers, zeros and limits among them. */
export function integerArithmetic(): BinarySample[] {
  const awkward = given([8], [7, -7, 7, -7, 0, 5, -(2 ** 31), 2 ** 31 - 1], 'int32');
  const partner = given([8], [2, 2, -2, -2, 3, 0, -1, 65537], 'int32');
  return [
    two('int32', awkward, partner),
    two('int32, broadcast', wholeNoise([2, 1], -9, 9), wholeNoise([3], 1, 9, 'int32', 2)),
    two('uint8', given([4], [0, 7, 200, 255], 'uint8'), given([4], [3, 0, 100, 255], 'uint8')),
  ];
}

/** A comparison, or a logical function, of every dtype. */
export function comparison(): [BinarySample, ...BinarySample[]] {
  const limits = { differentiable: [] };
  const near = given([4], [1, 2, 3, Number.NaN]);
  return [
    two('floats, some equal', near, given([4], [1, 3, 2, Number.NaN]), limits),
    two('both broadcast', noise([2, 1, 3]), noise([4, 1], { seed: 2 }), limits),
    two('special values', column(specials), specials, limits),
    two('a scalar', near, given([], [2]), limits),
    two('no elements', noise([0, 3]), noise([3]), limits),
    two('float64', noise([3], { dtype: 'float64' }), noise([3], { dtype: 'float64' }), limits),
    two('int32', wholeNoise([3, 1], -1, 1), wholeNoise([4], -1, 1, 'int32', 2)),
    two('uint8', given([3], [0, 200, 255], 'uint8'), given([], [200], 'uint8')),
    two('bool', boolNoise([3, 1]), boolNoise([4], 2)),
  ];
}

function column(x: SampleInput): SampleInput {
  return { ...x, shape: [x.data.length, 1] };
}
