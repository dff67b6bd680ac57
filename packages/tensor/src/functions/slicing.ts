import { apply } from '../apply.ts';
import { checkInteger, checkTensor } from '../checks.ts';
import { ArgumentError, IndexError, ShapeError } from '../errors.ts';
import { normalizeDim, normalizeDims, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { cat } from './joining.ts';
import { checkList, reshapeTo, unchanged } from './movement.ts';

/** Some of the elements of a dim, as Python slices them: out-of-range ends are clipped, negative ones count from the end. */
export interface SliceRange {
  /** The first element. Default: the first, or the last where the step is negative. */
  readonly start?: number | null;
  /** Where to stop, without that element. Default: after the last, or before the first. */
  readonly end?: number | null;
  /** Distance between elements; negative goes backwards. Default 1. */
  readonly step?: number | null;
}

/** Along which dim `split`, `chunk` and `unbind` cut. */
export interface AlongOptions {
  /** The dim along which. Default 0. */
  readonly dim?: number;
}

/** What `roll` takes. */
export interface RollOptions {
  /** The dim of each shift. Default: the flattened tensor is rolled. */
  readonly dims?: number | readonly number[];
}

/**
 * Every `step`-th element of a dim, from `start` up to `end`: Python's `x[start:end:step]`.
 *
 * @throws ArgumentError for a step of 0.
 * @example arange(10).slice(0, { start: 1, end: 7, step: 2 }) // [1, 3, 5]
 */
export function slice(x: Tensor, dim: number, range: SliceRange = {}): Tensor {
  checkTensor('slice', 'x', x);
  const at = normalizeDim('slice', dim, x.ndim);
  checkRank('slice', x);
  return slicePart(x, at, resolveRange('slice', range, sizeAt(x, at)));
}

/**
 * `length` elements of a dim, from `start` on. PyTorch: `torch.narrow`.
 *
 * @throws IndexError if they reach beyond the dim.
 * @example arange(10).narrow(0, 2, 3) // [2, 3, 4]
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  checkTensor('narrow', 'x', x);
  const at = normalizeDim('narrow', dim, x.ndim);
  checkRank('narrow', x);
  checkInteger('narrow', 'start', start);
  checkInteger('narrow', 'length', length, 0);
  const size = sizeAt(x, at);
  const first = start < 0 ? start + size : start;
  if (first < 0 || first + length > size) {
    throw new IndexError(`narrow: start ${start} and length ${length} reach beyond dim ${at} of size ${size}`);
  }
  return slicePart(x, at, { start: first, step: 1, length });
}

/**
 * One element of a dim; the dim goes. PyTorch: `torch.select`.
 *
 * @throws IndexError if the index is outside the dim; negative ones count from the end.
 * @example ones([2, 3]).select(0, -1).shape // [3]
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  checkTensor('select', 'x', x);
  const at = normalizeDim('select', dim, x.ndim);
  checkRank('select', x);
  return selectAt(x, at, checkedIndex('select', index, at, sizeAt(x, at)));
}

/**
 * The elements in reverse order along some dims. PyTorch: `torch.flip`.
 *
 * @example arange(3).flip([0]) // [2, 1, 0]
 */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  checkTensor('flip', 'x', x);
  const reversed = normalizeDims('flip', dims, x.ndim).filter((dim) => x.shape[dim] !== 1);
  if (reversed.length === 0) return unchanged(x);
  const steps = x.shape.map((_, dim) => (reversed.includes(dim) ? -1 : 1));
  return apply(
    'slice',
    [x],
    { shape: x.shape, steps },
    x.shape.map((size, dim) => (reversed.includes(dim) ? Math.max(size - 1, 0) : 0)),
  );
}

/**
 * The elements moved on by so many places, those at the end back to the start. PyTorch: `torch.roll`.
 *
 * @example arange(4).roll(1) // [3, 0, 1, 2]
 */
export function roll(x: Tensor, shifts: number | readonly number[], options: RollOptions = {}): Tensor {
  checkTensor('roll', 'x', x);
  const amounts = typeof shifts === 'number' ? [shifts] : shifts;
  for (const shift of amounts) checkInteger('roll', 'shifts', shift);
  if (options.dims === undefined) return reshapeTo(rollAll(reshapeTo(x, [x.numel()]), amounts, [0]), x.shape);
  const dims = typeof options.dims === 'number' ? [options.dims] : options.dims;
  return rollAll(
    x,
    amounts,
    dims.map((dim) => normalizeDim('roll', dim, x.ndim)),
  );
}

/**
 * Cuts a tensor along a dim into parts of one size (the last may be smaller), or of given sizes. PyTorch: `torch.split`.
 *
 * @throws ShapeError if the sizes do not add up to the dim's.
 * @example arange(5).split(2) // [0, 1], [2, 3], [4]
 */
export function split(x: Tensor, sizes: number | readonly number[], { dim = 0 }: AlongOptions = {}): Tensor[] {
  checkTensor('split', 'x', x);
  const at = normalizeDim('split', dim, x.ndim);
  checkRank('split', x);
  return splitBy(x, at, typeof sizes === 'number' ? evenParts('split', sizes, sizeAt(x, at)) : checkedParts(sizes, sizeAt(x, at)));
}

/**
 * Cuts a tensor along a dim into at most so many parts of equal size, the last of which may be smaller. PyTorch: `torch.chunk`.
 *
 * @example arange(5).chunk(2) // [0, 1, 2], [3, 4]
 */
export function chunk(x: Tensor, chunks: number, { dim = 0 }: AlongOptions = {}): Tensor[] {
  checkTensor('chunk', 'x', x);
  const at = normalizeDim('chunk', dim, x.ndim);
  checkRank('chunk', x);
  checkInteger('chunk', 'chunks', chunks, 1);
  const size = sizeAt(x, at);
  return splitBy(x, at, size === 0 ? Array.from({ length: chunks }, () => 0) : evenParts('chunk', Math.ceil(size / chunks), size));
}

/**
 * All elements of a dim as tensors of their own, without it. PyTorch: `torch.unbind`.
 *
 * @example eye(2).unbind() // [1, 0], [0, 1]
 */
export function unbind(x: Tensor, { dim = 0 }: AlongOptions = {}): Tensor[] {
  checkTensor('unbind', 'x', x);
  const at = normalizeDim('unbind', dim, x.ndim);
  checkRank('unbind', x);
  return Array.from({ length: sizeAt(x, at) }, (_, index) => selectAt(x, at, index));
}

export const slicingMethods = { slice, narrow, select, flip, roll, split, chunk, unbind };

// ---------------------------------------------------------------------------------------------------------------------

/** A slice of a dim with its numbers worked out: element i is element `start + i · step`. */
export interface ResolvedRange {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Python's rules for `start:end:step` over a dim of some size. */
export function resolveRange(caller: string, range: SliceRange, size: number): ResolvedRange {
  const step = range.step ?? 1;
  checkInteger(caller, 'step', step);
  if (step === 0) throw new ArgumentError(`${caller}: step must not be 0`);
  const least = step > 0 ? 0 : -1;
  const most = step > 0 ? size : size - 1;
  const start = clipped(caller, 'start', range.start ?? null, size, least, most) ?? (step > 0 ? 0 : most);
  const end = clipped(caller, 'end', range.end ?? null, size, least, most) ?? (step > 0 ? most : -1);
  const length = Math.max(0, Math.ceil((end - start) / step));
  return { start: length === 0 ? 0 : start, step, length };
}

/** An index counted from the front. */
export function checkedIndex(caller: string, index: number, dim: number, size: number): number {
  checkInteger(caller, 'index', index);
  if (index < -size || index >= size) throw new IndexError(`${caller}: index ${index} is out of range for dim ${dim} of size ${size}`);
  return index < 0 ? index + size : index;
}

/** One `slice` over all dims. The whole of every dim is no slice at all. */
export function sliceAll(x: Tensor, ranges: readonly ResolvedRange[]): Tensor {
  if (ranges.every(({ step, length }, dim) => length === x.shape[dim] && (step === 1 || length === 1))) return unchanged(x);
  const shape = ranges.map(({ length }) => length);
  return apply(
    'slice',
    [x],
    { shape, steps: ranges.map(({ step }) => step) },
    ranges.map(({ start }) => start),
  );
}

/** Part of one dim, the whole of the others. */
export function slicePart(x: Tensor, dim: number, range: ResolvedRange): Tensor {
  return sliceAll(
    x,
    x.shape.map((length, i) => (i === dim ? range : { start: 0, step: 1, length })),
  );
}

function selectAt(x: Tensor, dim: number, index: number): Tensor {
  const shape = x.shape.filter((_, i) => i !== dim);
  return reshapeTo(slicePart(x, dim, { start: index, step: 1, length: 1 }), shape);
}

function clipped(caller: string, name: string, bound: number | null, size: number, least: number, most: number): number | null {
  if (bound === null) return null;
  checkInteger(caller, name, bound);
  return Math.min(Math.max(bound < 0 ? bound + size : bound, least), most);
}

function rollAll(x: Tensor, shifts: readonly number[], dims: readonly number[]): Tensor {
  if (shifts.length !== dims.length) throw new ArgumentError(`roll: needs one shift for each dim; got ${shifts.length} and ${dims.length}`);
  return dims.reduce((rolled, dim, i) => rollDim(rolled, dim, shifts[i] ?? 0), unchanged(x));
}

function rollDim(x: Tensor, dim: number, shift: number): Tensor {
  const size = sizeAt(x, dim);
  const last = size === 0 ? 0 : ((shift % size) + size) % size;
  if (last === 0) return x;
  const tail = slicePart(x, dim, { start: size - last, step: 1, length: last });
  return cat([tail, slicePart(x, dim, { start: 0, step: 1, length: size - last })], { dim });
}

function splitBy(x: Tensor, dim: number, parts: readonly number[]): Tensor[] {
  let start = 0;
  return parts.map((length) => {
    const part = slicePart(x, dim, { start, step: 1, length });
    start += length;
    return part;
  });
}

function evenParts(caller: string, length: number, size: number): number[] {
  checkInteger(caller, 'size', length, size === 0 ? 0 : 1);
  if (size === 0) return [0];
  return Array.from({ length: Math.ceil(size / length) }, (_, i) => Math.min(length, size - i * length));
}

function checkedParts(sizes: readonly number[], size: number): readonly number[] {
  checkList('split', 'sizes', sizes);
  for (const part of sizes) checkInteger('split', 'each size', part, 0);
  const total = sizes.reduce((sum, part) => sum + part, 0);
  if (total !== size) throw new ShapeError(`split: the sizes must add up to ${size}; got [${sizes.join(', ')}]`);
  return sizes;
}

function checkRank(caller: string, x: Tensor): void {
  if (x.ndim === 0) throw new ShapeError(`${caller}: a tensor of rank 0 has no dims to take from`);
}

function sizeAt({ shape }: { readonly shape: Shape }, dim: number): number {
  return shape[dim] ?? 1;
}
