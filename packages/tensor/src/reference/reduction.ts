import type { TypedArray } from '../dtype.ts';
import type { ReductionPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { type Lanes, lanesAlong } from './lanes.ts';

export const reductionKernels: ReferenceTable<keyof ReductionPrimitives> = {
  sum: ([out], [x], { dims }) => sumLanes(out.data, lanesAlong(x, dims)),
  prod: ([out], [x], { dims }) => foldLanes(out.data, lanesAlong(x, dims), 1, out.data instanceof Int32Array ? Math.imul : multiplied),
  amax: ([out], [x], { dims }) => foldLanes(out.data, lanesAlong(x, dims), Number.NEGATIVE_INFINITY, greater),
  amin: ([out], [x], { dims }) => foldLanes(out.data, lanesAlong(x, dims), Number.POSITIVE_INFINITY, smaller),
  argmax: ([out], [x], { dim }) => findInLanes(out.data, lanesAlong(x, [dim]), (value, best) => value > best),
  argmin: ([out], [x], { dim }) => findInLanes(out.data, lanesAlong(x, [dim]), (value, best) => value < best),
  cumsum: ([out], [x], { dim }) => accumulate(out, x, dim),
};

/** Adds up in float64, in the order of the elements. */
function sumLanes(out: TypedArray, lanes: Lanes): void {
  if (lanes.inner === 1) sumRows(out, lanes);
  else sumColumns(out, lanes);
}

function sumRows(out: TypedArray, { data, outer, count }: Lanes): void {
  for (let row = 0; row < outer; row++) {
    const end = (row + 1) * count;
    let sum = 0;
    for (let i = row * count; i < end; i++) sum += data[i] as number;
    out[row] = sum;
  }
}

/** Row after row into as many sums as there are columns: memory is read in its order. */
function sumColumns(out: TypedArray, { data, outer, count, inner }: Lanes): void {
  const sums = new Float64Array(inner);
  for (let block = 0; block < outer; block++) {
    sums.fill(0);
    for (let row = 0; row < count; row++) addRow(sums, data, (block * count + row) * inner);
    out.set(sums, block * inner);
  }
}

function addRow(sums: Float64Array, data: TypedArray, start: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (data[start + i] as number);
}

function foldLanes(
  out: TypedArray,
  { data, outer, count, inner }: Lanes,
  initial: number,
  combine: (result: number, value: number) => number,
): void {
  for (let block = 0; block < outer; block++) {
    for (let column = 0; column < inner; column++) {
      const start = block * count * inner + column;
      let result = initial;
      for (let i = 0; i < count; i++) result = combine(result, data[start + i * inner] as number);
      out[block * inner + column] = result;
    }
  }
}

function multiplied(result: number, value: number): number {
  return result * value;
}

/** `NaN` wins. */
function greater(result: number, value: number): number {
  return value > result || Number.isNaN(value) ? value : result;
}

function smaller(result: number, value: number): number {
  return value < result || Number.isNaN(value) ? value : result;
}

/** The first index whose value no other one beats; the first `NaN` beats all. */
function findInLanes(out: TypedArray, { data, outer, count, inner }: Lanes, beats: (value: number, best: number) => boolean): void {
  for (let block = 0; block < outer; block++) {
    for (let column = 0; column < inner; column++) {
      const start = block * count * inner + column;
      out[block * inner + column] = findInLane(data, start, count, inner, beats);
    }
  }
}

function findInLane(data: TypedArray, start: number, count: number, step: number, beats: (value: number, best: number) => boolean): number {
  let best = data[start] as number;
  let position = 0;
  for (let i = 1; i < count && !Number.isNaN(best); i++) {
    const value = data[start + i * step] as number;
    if (beats(value, best) || Number.isNaN(value)) {
      best = value;
      position = i;
    }
  }
  return position;
}

function accumulate(out: Operand, x: Operand, dim: number): void {
  const { data, outer, count, inner } = lanesAlong(x, [dim]);
  for (let block = 0; block < outer; block++) {
    for (let column = 0; column < inner; column++) {
      const start = block * count * inner + column;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += data[start + i * inner] as number;
        out.data[start + i * inner] = sum;
      }
    }
  }
}
