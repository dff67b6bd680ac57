import { allocate, dtypeOf, type TypedArray } from '../dtype.ts';
import type { Operand } from '../primitives/tables.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';
import { copyStrided } from './strided.ts';

/** An array as `[outer, count, inner]`: `count` is what a reduction runs along. */
export interface Lanes {
  readonly data: TypedArray;
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** The lanes along some dims; the elements are brought into order first where those dims are not neighbours. */
export function lanesAlong(x: Operand, dims: readonly number[]): Lanes {
  const reduced = dims.filter((dim) => x.shape[dim] !== 1);
  const first = reduced[0] ?? 0;
  const end = (reduced.at(-1) ?? -1) + 1;
  const isGap = (dim: number) => dim >= first && dim < end && !reduced.includes(dim) && x.shape[dim] !== 1;
  if (x.shape.some((_, dim) => isGap(dim))) return gathered(x, reduced);
  if (reduced.length === 0) return { data: x.data, outer: x.data.length, count: 1, inner: 1 };
  return {
    data: x.data,
    outer: sizeOf(x.shape.slice(0, first)),
    count: sizeOf(x.shape.slice(first, end)),
    inner: sizeOf(x.shape.slice(end)),
  };
}

/** A copy with the reduced dims last. */
function gathered(x: Operand, reduced: readonly number[]): Lanes {
  const kept = x.shape.map((_, dim) => dim).filter((dim) => !reduced.includes(dim));
  const strides = stridesOf(x.shape);
  const order = [...kept, ...reduced];
  const shape: Shape = order.map((dim) => x.shape[dim] ?? 1);
  const data = allocate(dtypeOf(x.data), x.data.length);
  const source = { data: x.data, start: 0, strides: order.map((dim) => strides[dim] ?? 0) };
  copyStrided(shape, { data, start: 0, strides: stridesOf(shape) }, source);
  return { data, outer: sizeOf(shape.slice(0, kept.length)), count: sizeOf(shape.slice(kept.length)), inner: 1 };
}
