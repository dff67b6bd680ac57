import { apply } from '../apply.ts';
import { checkTensor, describe } from '../checks.ts';
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../errors.ts';
import { broadcastShapes, formatShape, type Shape, sizeOf, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { ge, logicalAnd, lt } from './comparison.ts';
import { parseIndex } from './indexString.ts';
import { expandTo, permuteTo, reshapeTo } from './movement.ts';
import { checkedIndex, type ResolvedRange, resolveRange, type SliceRange, sliceAll } from './slicing.ts';
import { where } from './where.ts';

/**
 * What `index` takes for a dim: an index (the dim goes), a slice, an int32 tensor of indices, `null` for a new dim of size 1,
 * or `'...'` for as many whole dims as are left.
 */
export type IndexEntry = number | SliceRange | Tensor | null | '...';

/**
 * Parts of a tensor as Python's `x[…]` takes them: from a string, `x.index('1:3, ::2, -1, ..., None')`, or from an array of
 * entries, `x.index([{ start: 1, end: 3 }, rows])`. Negative numbers count from the end, ends of slices are clipped, steps may
 * be negative (which PyTorch refuses), dims not mentioned are whole. Where the slice starts is no part of the plan.
 *
 * Tensors of indices pick elements: their shapes broadcast, and that shape takes the place of their dims, or comes first if
 * they are not next to each other. Several of them are checked together: an index outside its dim shows as -1 in the error.
 *
 * @throws ArgumentError for a string it cannot read, with the position; IndexError for an index outside its dim or too many
 *   entries, when evaluated if the index is in a tensor; DTypeError for tensors that are not int32.
 * @example arange(12).reshape([3, 4]).index('1:, -1') // [7, 11]
 */
export function index(x: Tensor, entries: string | readonly IndexEntry[]): Tensor {
  checkTensor('index', 'x', x);
  const steps = stepsOf(x, checkedEntries(entries));
  const sliced = reshapeTo(sliceAll(x, rangesOf(steps)), shapeOf(steps));
  const places = steps.filter(({ dropped }) => !dropped).map(({ indices }) => indices);
  return places.some((indices) => indices !== null) ? pick(sliced, places) : sliced;
}

export const subscriptMethods = { index };

// ---------------------------------------------------------------------------------------------------------------------

/** One entry, worked out: a new dim has no range, an index drops its dim, a tensor takes the whole dim for now. */
interface Step {
  readonly range: ResolvedRange | null;
  readonly dropped: boolean;
  readonly indices: Tensor | null;
}

function checkedEntries(entries: string | readonly IndexEntry[]): readonly IndexEntry[] {
  if (typeof entries === 'string') return parseIndex(entries);
  if (Array.isArray(entries)) return entries;
  throw new ArgumentError(`index: takes a string such as '1:3, -1', or an array with an entry for each dim; got ${describe(entries)}`);
}

function stepsOf(x: Tensor, entries: readonly IndexEntry[]): Step[] {
  const used = entries.filter((entry) => entry !== null && entry !== '...').length;
  const dots = entries.filter((entry) => entry === '...').length;
  if (dots > 1) throw new ArgumentError(`index: '...' may stand once; got it ${dots} times`);
  if (used > x.ndim) throw new IndexError(`index: at most ${x.ndim} dims can be indexed, of ${formatShape(x.shape)}; got ${used}`);
  const rest = new Array<IndexEntry>(x.ndim - used).fill({});
  const full = dots === 1 ? entries.flatMap((entry) => (entry === '...' ? rest : [entry])) : [...entries, ...rest];
  let dim = 0;
  return full.map((entry) => (entry === null ? newDim : stepOf(entry, dim, x.shape[dim++] ?? 1)));
}

const newDim: Step = { range: null, dropped: false, indices: null };

function stepOf(entry: IndexEntry, dim: number, size: number): Step {
  if (typeof entry === 'number')
    return { range: { start: checkedIndex('index', entry, dim, size), step: 1, length: 1 }, dropped: true, indices: null };
  if (entry instanceof Tensor) return { range: { start: 0, step: 1, length: size }, dropped: false, indices: checkedIndices(entry, size) };
  if (typeof entry === 'object' && entry !== null && !Array.isArray(entry))
    return { range: resolveRange('index', entry, size), dropped: false, indices: null };
  throw new ArgumentError(
    `index: entry of dim ${dim} must be a number, a slice { start, end, step }, a tensor, null or '...'; got ${describe(entry)}`,
  );
}

function rangesOf(steps: readonly Step[]): ResolvedRange[] {
  return steps.flatMap(({ range }) => (range === null ? [] : [range]));
}

function shapeOf(steps: readonly Step[]): Shape {
  return steps.filter(({ dropped }) => !dropped).map(({ range }) => range?.length ?? 1);
}

/** Negative indices counted from the front; what is out of range stays so, for the kernel to refuse. */
function checkedIndices(indices: Tensor, size: number): Tensor {
  if (indices.dtype === 'bool') {
    throw new DTypeError('index: the shape that a bool mask selects depends on its elements; use await maskedSelect(x, mask), or where');
  }
  if (indices.dtype !== 'int32')
    throw new DTypeError(`index: tensors of indices must be int32; got ${indices.dtype}. Cast them: indices.int()`);
  return countedFromFront(indices, size);
}

/** Indices with `size` added to those in [-size, 0). */
export function countedFromFront(indices: Tensor, size: number): Tensor {
  return where(logicalAnd(lt(indices, 0), ge(indices, -size)), add(indices, size), indices);
}

/** The elements that tensors of indices name; `places` has one for each dim that they index. */
function pick(x: Tensor, places: readonly (Tensor | null)[]): Tensor {
  const picked = places.flatMap((indices, dim) => (indices === null ? [] : [{ indices, dim }]));
  const dims = picked.map(({ dim }) => dim);
  const rest = x.shape.map((_, dim) => dim).filter((dim) => !dims.includes(dim));
  const shape = picked.map(({ indices }) => indices.shape).reduce(broadcastIndices);
  const first = dims[0] ?? 0;
  const adjacent = dims.every((dim, i) => dim === first + i);
  const rows = permuteTo(x, [...dims, ...rest]);
  const restShape = rows.shape.slice(dims.length);
  const sizes = rows.shape.slice(0, dims.length);
  const flat = flatIndices(
    picked.map(({ indices }) => indices),
    sizes,
    shape,
  );
  const selected = apply('indexSelect', [reshapeTo(rows, [sizeOf(sizes), ...restShape]), reshapeTo(flat, [sizeOf(shape)])], { dim: 0 }, []);
  const result = reshapeTo(selected, [...shape, ...restShape]);
  return adjacent ? permuteTo(result, withBlockAt(first, shape.length, result.ndim)) : result;
}

/** One index into the flattened dims for each place; -1 where any of its indices is out of range. */
function flatIndices(indices: readonly Tensor[], sizes: Shape, shape: Shape): Tensor {
  const [only] = indices;
  if (only !== undefined && indices.length === 1) return only;
  const strides = stridesOf(sizes);
  const flat = indices.map((each, i) => mul(each, strides[i] ?? 1)).reduce((a, b) => add(a, b));
  const inside = indices.map((each, i) => logicalAnd(ge(each, 0), lt(each, sizes[i] ?? 1))).reduce((a, b) => logicalAnd(a, b));
  return expandTo('index', where(inside, flat, -1), shape);
}

/** The order that moves the first `count` of `rank` dims to place `at`. */
function withBlockAt(at: number, count: number, rank: number): number[] {
  const block = Array.from({ length: count }, (_, i) => i);
  const others = Array.from({ length: rank - count }, (_, i) => count + i);
  return [...others.slice(0, at), ...block, ...others.slice(at)];
}

function broadcastIndices(a: Shape, b: Shape): Shape {
  try {
    return broadcastShapes('index', a, b);
  } catch {
    throw new ShapeError(`index: tensors of indices must broadcast; got ${formatShape(a)} and ${formatShape(b)}`);
  }
}
