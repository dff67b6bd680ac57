import type { DType } from './dtype.ts';
import { ArgumentError, ShapeError } from './errors.ts';

/** The sizes of a tensor's dimensions, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** What is known of a tensor before it has a value. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The number of elements: the product of the sizes, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i] ?? 1;
  return size;
}

/** Row-major strides in elements: the last dimension has stride 1. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i] ?? 1;
  }
  return strides;
}

/** Whether two shapes are the same, size by size. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** A shape as errors print it: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * The shape two shapes broadcast to: aligned at the last dimension, equal or 1 (NumPy's and PyTorch's rule).
 *
 * @throws ShapeError naming `caller` and both shapes.
 * @example broadcastShapes('add', [3, 1], [4]) // [3, 4]
 */
export function broadcastShapes(caller: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${caller}: shapes must broadcast (sizes equal or 1, aligned at the last dim); got ${formatShape(a)} and ${formatShape(b)}`,
      );
    }
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

/**
 * A dim counted from the front: `-1` is the last.
 *
 * @throws ArgumentError when it is not an integer in `[-rank, rank)`.
 */
export function normalizeDim(caller: string, dim: number, rank: number): number {
  const limit = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -limit || dim >= limit) {
    throw new ArgumentError(`${caller}: dim must be an integer in [${-limit}, ${limit - 1}] for a tensor of rank ${rank}; got ${dim}`);
  }
  return dim < 0 ? dim + limit : dim;
}

/** Dims counted from the front, ascending; all of them for `undefined`. Throws on a repeated one. */
export function normalizeDims(caller: string, dims: number | readonly number[] | undefined, rank: number): readonly number[] {
  if (dims === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof dims === 'number' ? [dims] : dims).map((dim) => normalizeDim(caller, dim, rank));
  if (new Set(list).size !== list.length) throw new ArgumentError(`${caller}: a dim may be named once; got [${String(dims)}]`);
  return list.filter((dim) => dim < rank).sort((a, b) => a - b);
}

/** Refuses sizes that are not whole numbers from 0 up. */
export function checkShape(caller: string, shape: Shape): void {
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ShapeError(`${caller}: sizes must be whole numbers from 0 up; got ${formatShape(shape)}`);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) throw new ShapeError(`${caller}: too many elements; got ${formatShape(shape)}`);
}
