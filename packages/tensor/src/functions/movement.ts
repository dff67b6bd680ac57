import { apply } from '../apply.ts';
import { checkTensor, describe } from '../checks.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { checkShape, formatShape, normalizeDim, normalizeDims, type Shape, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';

/** What `flatten` merges. */
export interface FlattenOptions {
  /** The first dim to merge. Default 0. */
  readonly startDim?: number;
  /** The last dim to merge. Default -1. */
  readonly endDim?: number;
}

/** What `squeeze` drops. */
export interface SqueezeOptions {
  /** The dim or dims to drop, where their size is 1. Default: all of size 1. */
  readonly dim?: number | readonly number[];
}

/**
 * The same elements, in row-major order, under another shape. One size may be -1: it is what the others leave.
 * Nothing is copied. PyTorch: `torch.reshape`.
 *
 * @throws ShapeError if the number of elements differs.
 * @example arange(6).reshape([2, -1]).shape // [2, 3]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', 'x', x);
  return reshapeTo(x, completeShape('reshape', shape, x.shape));
}

/**
 * `reshape`, under the name that PyTorch has for it when nothing is copied; here nothing ever is.
 *
 * @example arange(6).view([2, 3]).shape // [2, 3]
 */
export function view(x: Tensor, shape: Shape): Tensor {
  checkTensor('view', 'x', x);
  return reshapeTo(x, completeShape('view', shape, x.shape));
}

/**
 * Merges the dims from `startDim` to `endDim` into one; a scalar becomes a vector of one. PyTorch: `torch.flatten`.
 *
 * @example ones([64, 1, 28, 28]).flatten({ startDim: 1 }).shape // [64, 784]
 */
export function flatten(x: Tensor, { startDim = 0, endDim = -1 }: FlattenOptions = {}): Tensor {
  checkTensor('flatten', 'x', x);
  const first = normalizeDim('flatten', startDim, x.ndim);
  const last = normalizeDim('flatten', endDim, x.ndim);
  if (first > last)
    throw new ArgumentError(`flatten: startDim must not come after endDim; got ${startDim} and ${endDim} for a tensor of rank ${x.ndim}`);
  return reshapeTo(x, [...x.shape.slice(0, first), sizeOf(x.shape.slice(first, last + 1)), ...x.shape.slice(last + 1)]);
}

/**
 * Splits one dim into several; one of the sizes may be -1. PyTorch: `torch.unflatten`.
 *
 * @throws ShapeError if the sizes do not multiply to the dim's size.
 * @example ones([3, 8]).unflatten(1, [2, -1]).shape // [3, 2, 4]
 */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  checkTensor('unflatten', 'x', x);
  const at = normalizeDim('unflatten', dim, x.ndim);
  const parts = completeShape('unflatten', sizes, x.shape.slice(at, at + 1));
  return reshapeTo(x, [...x.shape.slice(0, at), ...parts, ...x.shape.slice(at + 1)]);
}

/**
 * The dims in another order: dim i of the result is dim `dims[i]` of `x`. PyTorch: `torch.permute`.
 *
 * @throws ArgumentError unless `dims` names every dim once.
 * @example ones([2, 3, 4]).permute([2, 0, 1]).shape // [4, 2, 3]
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  checkTensor('permute', 'x', x);
  checkList('permute', 'dims', dims);
  const order = dims.map((dim) => normalizeDim('permute', dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
    throw new ArgumentError(`permute: dims must name each of the ${x.ndim} dims once; got [${dims.join(', ')}]`);
  }
  return permuteTo(x, order);
}

/**
 * Swaps two dims. PyTorch: `torch.transpose`.
 *
 * @example ones([2, 3, 4]).transpose(0, -1).shape // [4, 3, 2]
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  checkTensor('transpose', 'x', x);
  return swapped(x, normalizeDim('transpose', dim0, x.ndim), normalizeDim('transpose', dim1, x.ndim));
}

/**
 * `transpose`, under NumPy's name. PyTorch: `torch.swapaxes`.
 *
 * @example ones([2, 3]).swapaxes(0, 1).shape // [3, 2]
 */
export function swapaxes(x: Tensor, dim0: number, dim1: number): Tensor {
  checkTensor('swapaxes', 'x', x);
  return swapped(x, normalizeDim('swapaxes', dim0, x.ndim), normalizeDim('swapaxes', dim1, x.ndim));
}

/**
 * The transpose of a matrix; a vector or a scalar as it is. PyTorch: `torch.t`.
 *
 * @throws ShapeError above rank 2: see `mT`.
 * @example ones([2, 3]).t().shape // [3, 2]
 */
export function t(x: Tensor): Tensor {
  checkTensor('t', 'x', x);
  if (x.ndim > 2)
    throw new ShapeError(`t: the tensor must have at most 2 dims; got ${formatShape(x.shape)}. Use mT() or transpose(dim0, dim1)`);
  return x.ndim < 2 ? unchanged(x) : permuteTo(x, [1, 0]);
}

/**
 * The transpose of each matrix of a batch: the last two dims swapped. PyTorch: `Tensor.mT`.
 *
 * @throws ShapeError below rank 2.
 * @example ones([5, 2, 3]).mT().shape // [5, 3, 2]
 */
export function mT(x: Tensor): Tensor {
  checkTensor('mT', 'x', x);
  if (x.ndim < 2) throw new ShapeError(`mT: the tensor must have at least 2 dims; got ${formatShape(x.shape)}`);
  return swapped(x, x.ndim - 2, x.ndim - 1);
}

/**
 * Moves dims to other places; the rest keep their order. PyTorch: `torch.movedim`.
 *
 * @example ones([2, 3, 4]).movedim(0, -1).shape // [3, 4, 2]
 */
export function movedim(x: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  checkTensor('movedim', 'x', x);
  const from = distinctDims('source', source, x.ndim);
  const to = distinctDims('destination', destination, x.ndim);
  if (from.length !== to.length)
    throw new ArgumentError(`movedim: source and destination must name as many dims; got ${from.length} and ${to.length}`);
  const rest = x.shape.map((_, dim) => dim).filter((dim) => !from.includes(dim));
  const order = x.shape.map((_, dim) => (to.includes(dim) ? (from[to.indexOf(dim)] ?? 0) : (rest.shift() ?? 0)));
  return permuteTo(x, order);
}

/**
 * Repeats dims of size 1 to other sizes, and adds dims in front; -1 keeps a size. PyTorch: `Tensor.expand`.
 *
 * @throws ShapeError where a size other than 1 would change.
 * @example ones([3, 1]).expand([2, -1, 4]).shape // [2, 3, 4]
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  checkTensor('expand', 'x', x);
  checkList('expand', 'shape', shape);
  const added = shape.length - x.ndim;
  return expandTo(
    'expand',
    x,
    shape.map((size, i) => (size === -1 && i >= added ? (x.shape[i - added] ?? 1) : size)),
  );
}

/**
 * `x` expanded to the shape of another tensor. PyTorch: `Tensor.expand_as`.
 *
 * @example ones([3, 1]).expandAs(ones([3, 4])).shape // [3, 4]
 */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  checkTensor('expandAs', 'x', x);
  checkTensor('expandAs', 'other', other);
  return expandTo('expandAs', x, other.shape);
}

/**
 * `x` expanded to a shape. PyTorch: `torch.broadcast_to`.
 *
 * @example ones([3]).broadcastTo([2, 3]).shape // [2, 3]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor('broadcastTo', 'x', x);
  checkList('broadcastTo', 'shape', shape);
  return expandTo('broadcastTo', x, [...shape]);
}

/**
 * Drops dims of size 1. Dims named that have another size stay. PyTorch: `torch.squeeze`.
 *
 * @example ones([1, 3, 1]).squeeze({ dim: 0 }).shape // [3, 1]
 */
export function squeeze(x: Tensor, { dim }: SqueezeOptions = {}): Tensor {
  checkTensor('squeeze', 'x', x);
  const dims = normalizeDims('squeeze', dim, x.ndim);
  return reshapeTo(
    x,
    x.shape.filter((size, i) => size !== 1 || !dims.includes(i)),
  );
}

/**
 * Adds a dim of size 1 at a place, which counts in the result. PyTorch: `torch.unsqueeze`.
 *
 * @example ones([3]).unsqueeze(-1).shape // [3, 1]
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  checkTensor('unsqueeze', 'x', x);
  const at = normalizeDim('unsqueeze', dim, x.ndim + 1);
  return reshapeTo(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * The same value, where gradients stop. PyTorch: `Tensor.detach`; unlike there, what happens to the tensor later
 * (an optimizer's step) does not change the copy.
 *
 * @example const target = reward.add(value).detach(); // no gradient flows into value
 */
export function detach(x: Tensor): Tensor {
  checkTensor('detach', 'x', x);
  return apply('detach', [x], {}, []);
}

export const movementMethods = {
  reshape,
  view,
  flatten,
  unflatten,
  permute,
  transpose,
  swapaxes,
  t,
  mT,
  movedim,
  expand,
  expandAs,
  broadcastTo,
  squeeze,
  unsqueeze,
  detach,
};

// ---------------------------------------------------------------------------------------------------------------------

/**
 * What an operation returns that changes nothing: another handle, because `x` itself may be assigned to later.
 * Of lasting state it is a view, so that a step which overwrites the state knows of it.
 */
export function unchanged(x: Tensor): Tensor {
  return x.value.owner === null ? new Tensor(x.value) : apply('reshape', [x], { shape: x.shape }, []);
}

/** `reshape` to a shape known to fit. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? unchanged(x) : apply('reshape', [x], { shape }, []);
}

/** `permute` by an order known to be one. Where only dims of size 1 move, no element does. */
export function permuteTo(x: Tensor, order: readonly number[]): Tensor {
  const moving = order.filter((dim) => x.shape[dim] !== 1);
  if (moving.every((dim, i) => i === 0 || dim > (moving[i - 1] ?? 0)))
    return reshapeTo(
      x,
      order.map((dim) => x.shape[dim] ?? 1),
    );
  return apply('permute', [x], { dims: order }, []);
}

/** `expand` on behalf of `caller`, without -1. */
export function expandTo(caller: string, x: Tensor, shape: Shape): Tensor {
  checkShape(caller, shape);
  const added = shape.length - x.ndim;
  const fits = added >= 0 && x.shape.every((size, i) => size === 1 || size === shape[added + i]);
  if (!fits)
    throw new ShapeError(
      `${caller}: only dims of size 1 can be repeated, and dims added in front; got ${formatShape(x.shape)} to ${formatShape(shape)}`,
    );
  return sizeOf(shape) === x.numel() ? reshapeTo(x, shape) : apply('expand', [x], { shape }, []);
}

/** Refuses what is not an array. */
export function checkList(caller: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) throw new ArgumentError(`${caller}: ${name} must be an array; got ${describe(value)}`);
}

/** A shape with its -1 filled in, of as many elements as `from`. */
function completeShape(caller: string, shape: Shape, from: Shape): Shape {
  checkList(caller, 'shape', shape);
  const known = shape.filter((size) => size !== -1);
  checkShape(caller, known);
  const rest = sizeOf(from) / sizeOf(known);
  const missing = shape.length - known.length;
  const complete = missing === 1 && Number.isInteger(rest) ? shape.map((size) => (size === -1 ? rest : size)) : known;
  if (missing > 1) throw new ShapeError(`${caller}: at most one size may be -1; got ${formatShape(shape)}`);
  if (complete.length === shape.length && sizeOf(complete) === sizeOf(from)) return complete;
  throw new ShapeError(
    `${caller}: the sizes must multiply to ${sizeOf(from)}, the elements of ${formatShape(from)}; got ${formatShape(shape)}`,
  );
}

function swapped(x: Tensor, dim0: number, dim1: number): Tensor {
  const order = x.shape.map((_, dim) => (dim === dim0 ? dim1 : dim === dim1 ? dim0 : dim));
  return permuteTo(x, order);
}

function distinctDims(name: string, dims: number | readonly number[], rank: number): readonly number[] {
  const list = (typeof dims === 'number' ? [dims] : dims).map((dim) => normalizeDim('movedim', dim, rank));
  if (new Set(list).size !== list.length) throw new ArgumentError(`movedim: ${name} must name a dim once; got [${String(dims)}]`);
  return list;
}
