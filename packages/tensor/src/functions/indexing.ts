import { apply } from '../apply.ts';
import { checkFinite, checkInteger, checkTensor } from '../checks.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { formatShape, normalizeDim, type Shape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { expandTo, reshapeTo } from './movement.ts';
import { castTo, constant } from './operands.ts';
import { sliceAll } from './slicing.ts';
import { countedFromFront } from './subscript.ts';

/** What `indexAdd` takes. */
export interface IndexAddOptions {
  /** A factor of what is added. Default 1. */
  readonly alpha?: number;
}

/** What `takeAlongDim` takes. */
export interface TakeAlongDimOptions {
  /** The dim along which. Default: both tensors are flattened. */
  readonly dim?: number;
}

/** What `oneHot` takes. */
export interface OneHotOptions {
  /** The number of classes; labels are in [0, numClasses). */
  readonly numClasses: number;
}

/**
 * Elements picked along a dim: `out[i][j] = x[index[i][j]][j]` for dim 0, `x[i][index[i][j]]` for dim 1, and so on.
 * The result has the shape of the index, which must not exceed x in the other dims. PyTorch: `torch.gather`.
 *
 * @throws ShapeError if ranks differ or the index is too large; DTypeError if it is not int32 or uint8; IndexError, when
 *   evaluated, for an index outside the dim.
 * @example gather(tensor([[1, 2], [3, 4]]), 1, tensor([[1], [0]], { dtype: 'int32' })) // [[2], [3]]
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = alongDim('gather', x, dim, index);
  return apply('gather', [x, whole('gather', index)], { dim: at }, []);
}

/**
 * `x` with elements replaced: `out[index[i][j]][j] = source[i][j]` for dim 0; of several writes to a place the last one wins.
 * The source may be a number, or larger than the index. PyTorch: `torch.scatter`.
 *
 * @throws ShapeError if sizes do not fit; DTypeError if the index is not int32 or uint8 or the source of another dtype than x;
 *   IndexError, when evaluated, for an index outside the dim.
 * @example scatter(zeros([3]), 0, tensor([2], { dtype: 'int32' }), 5) // [0, 0, 5]
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  const at = alongDim('scatter', x, dim, index);
  return apply('scatter', [x, whole('scatter', index), sourceFor('scatter', x, index, source)], { dim: at }, []);
}

/**
 * `x` with elements added: `out[index[i][j]][j] += source[i][j]` for dim 0, in row-major order. PyTorch: `torch.scatter_add`.
 *
 * @throws as `scatter`; DTypeError for bools.
 * @example scatterAdd(zeros([3]), 0, tensor([2, 2], { dtype: 'int32' }), ones([2])) // [0, 0, 2]
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  const at = alongDim('scatterAdd', x, dim, index);
  checkAddable('scatterAdd', x);
  return apply('scatterAdd', [x, whole('scatterAdd', index), sourceFor('scatterAdd', x, index, source)], { dim: at }, []);
}

/**
 * The slices of a dim that a vector of indices names, in its order. PyTorch: `torch.index_select`.
 *
 * @throws ShapeError if the index has more than one dim; DTypeError if it is not int32 or uint8; IndexError, when evaluated,
 *   for an index outside the dim.
 * @example indexSelect(eye(3), 0, tensor([2, 0], { dtype: 'int32' })) // [[0, 0, 1], [1, 0, 0]]
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const { at, vector } = dimAndVector('indexSelect', x, dim, index);
  return apply('indexSelect', [x, vector], { dim: at }, []);
}

/**
 * `x` with slices added: `out[index[i]] += alpha · source[i]` for dim 0. PyTorch: `torch.index_add`.
 *
 * @throws ShapeError if the source is not of the shape of x with the index's size in that dim; DTypeError for bools, or if dtypes
 *   differ; IndexError, when evaluated, for an index outside the dim.
 * @example indexAdd(zeros([3, 2]), 0, tensor([2, 2], { dtype: 'int32' }), ones([2, 2])) // [[0, 0], [0, 0], [2, 2]]
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor {
  const { alpha = 1 } = options;
  const { at, vector } = dimAndVector('indexAdd', x, dim, index);
  checkAddable('indexAdd', x);
  checkFinite('indexAdd', 'alpha', alpha);
  checkRows('indexAdd', x, at, vector, source);
  const scaled = alpha === 1 ? source : mul(source, constant('indexAdd', alpha, x.dtype));
  return apply('indexAdd', [x, vector, scaled], { dim: at }, []);
}

/**
 * `x` with slices replaced: `out[index[i]] = source[i]` for dim 0; of several the last one wins. PyTorch: `torch.index_copy`.
 *
 * @throws as `indexAdd`.
 * @example indexCopy(zeros([3]), 0, tensor([1], { dtype: 'int32' }), ones([1])) // [0, 1, 0]
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const { at, vector } = dimAndVector('indexCopy', x, dim, index);
  checkRows('indexCopy', x, at, vector, source);
  return apply('scatter', [x, alongRows(vector, source.shape, at), source], { dim: at }, []);
}

/**
 * `x` with a number in all slices of a dim that the index names. PyTorch: `torch.index_fill`.
 *
 * @throws as `indexSelect`; ArgumentError if the dtype cannot hold the number.
 * @example indexFill(zeros([3]), 0, tensor([0, 2], { dtype: 'int32' }), 7) // [7, 0, 7]
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: number): Tensor {
  const { at, vector } = dimAndVector('indexFill', x, dim, index);
  const shape = x.shape.map((size, i) => (i === at ? vector.numel() : size));
  const source = expandTo('indexFill', constant('indexFill', value, x.dtype), shape);
  return apply('scatter', [x, alongRows(vector, shape, at), source], { dim: at }, []);
}

/**
 * The elements of the flattened tensor that indices name; negative ones count from the end. PyTorch: `torch.take`.
 *
 * @throws DTypeError if the index is not int32 or uint8; IndexError, when evaluated, for an index outside.
 * @example take(tensor([[1, 2], [3, 4]]), tensor([0, -1], { dtype: 'int32' })) // [1, 4]
 */
export function take(x: Tensor, index: Tensor): Tensor {
  checkTensor('take', 'x', x);
  const indices = reshapeTo(countedFromFront(whole('take', index), x.numel()), [index.numel()]);
  return reshapeTo(apply('indexSelect', [reshapeTo(x, [x.numel()]), indices], { dim: 0 }, []), index.shape);
}

/**
 * `gather` with x and the index broadcast to each other in the other dims. PyTorch: `torch.take_along_dim`.
 *
 * @throws as `gather`.
 * @example takeAlongDim(x, argsort(x, { dim: 1 }), { dim: 1 }) // x, sorted
 */
export function takeAlongDim(x: Tensor, index: Tensor, options: TakeAlongDimOptions = {}): Tensor {
  checkTensor('takeAlongDim', 'x', x);
  const indices = whole('takeAlongDim', index);
  if (options.dim === undefined) return apply('gather', [reshapeTo(x, [x.numel()]), reshapeTo(indices, [indices.numel()])], { dim: 0 }, []);
  const dim = normalizeDim('takeAlongDim', options.dim, x.ndim);
  checkRank('takeAlongDim', x, index);
  const other = (size: number, i: number, shape: Shape) => (i === dim || size !== 1 ? size : (shape[i] ?? 1));
  const wide = expandTo(
    'takeAlongDim',
    x,
    x.shape.map((size, i) => other(size, i, index.shape)),
  );
  const wideIndex = expandTo(
    'takeAlongDim',
    indices,
    index.shape.map((size, i) => other(size, i, x.shape)),
  );
  alongDim('takeAlongDim', wide, dim, wideIndex);
  return apply('gather', [wide, wideIndex], { dim }, []);
}

/**
 * A new last dim with 1 at the label and 0 elsewhere; int32. PyTorch: `torch.nn.functional.one_hot`, where the number of classes
 * may be left to the data.
 *
 * @throws DTypeError if labels are not int32 or uint8; IndexError, when evaluated, for a label outside [0, numClasses).
 * @example oneHot(tensor([0, 2], { dtype: 'int32' }), { numClasses: 3 }) // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(labels: Tensor, options: OneHotOptions): Tensor {
  const indices = whole('oneHot', labels);
  checkInteger('oneHot', 'numClasses', options.numClasses, 1);
  const shape = [...labels.shape, 1];
  const zeros = apply('full', [], { shape: [...labels.shape, options.numClasses], dtype: 'int32' }, [0]);
  const ones = apply('full', [], { shape, dtype: 'int32' }, [1]);
  return apply('scatter', [zeros, reshapeTo(indices, shape), ones], { dim: labels.ndim }, []);
}

export const indexingMethods = { gather, scatter, scatterAdd, indexSelect, indexAdd, indexCopy, indexFill, take, takeAlongDim };

// ---------------------------------------------------------------------------------------------------------------------

/** Indices as int32. */
function whole(caller: string, index: Tensor): Tensor {
  checkTensor(caller, 'index', index);
  if (index.dtype === 'int32' || index.dtype === 'uint8') return castTo(index, 'int32');
  throw new DTypeError(`${caller}: the index must be int32 or uint8; got ${index.dtype}. Cast it: index.int()`);
}

function alongDim(caller: string, x: Tensor, dim: number, index: Tensor): number {
  checkTensor(caller, 'x', x);
  checkTensor(caller, 'index', index);
  const at = normalizeDim(caller, dim, x.ndim);
  checkRank(caller, x, index);
  if (index.numel() > 0 && index.shape.some((size, i) => i !== at && size > (x.shape[i] ?? 1))) {
    throw new ShapeError(
      `${caller}: the index must not exceed x in the dims but ${at}; got ${formatShape(index.shape)} and x ${formatShape(x.shape)}`,
    );
  }
  return at;
}

function checkRank(caller: string, x: Tensor, index: Tensor): void {
  if (index.ndim !== x.ndim)
    throw new ShapeError(`${caller}: index and x must have the same rank; got ${formatShape(index.shape)} and x ${formatShape(x.shape)}`);
}

/** The source cut to the shape of the index. */
function sourceFor(caller: string, x: Tensor, index: Tensor, source: Tensor | number): Tensor {
  if (typeof source === 'number') return expandTo(caller, constant(caller, source, x.dtype), index.shape);
  checkTensor(caller, 'source', source);
  checkSameDType(caller, x, source);
  if (source.ndim !== index.ndim || index.shape.some((size, i) => size > (source.shape[i] ?? 1))) {
    throw new ShapeError(
      `${caller}: the source must be at least as large as the index; got ${formatShape(source.shape)} and index ${formatShape(index.shape)}`,
    );
  }
  return sliceAll(
    source,
    index.shape.map((length) => ({ start: 0, step: 1, length })),
  );
}

function dimAndVector(caller: string, x: Tensor, dim: number, index: Tensor): { at: number; vector: Tensor } {
  checkTensor(caller, 'x', x);
  const at = normalizeDim(caller, dim, x.ndim);
  if (x.ndim === 0) throw new ShapeError(`${caller}: x must have at least 1 dim; got a scalar`);
  const indices = whole(caller, index);
  if (index.ndim > 1) throw new ShapeError(`${caller}: the index must have at most 1 dim; got ${formatShape(index.shape)}`);
  return { at, vector: reshapeTo(indices, [index.numel()]) };
}

function checkRows(caller: string, x: Tensor, dim: number, index: Tensor, source: Tensor): void {
  checkTensor(caller, 'source', source);
  checkSameDType(caller, x, source);
  const wanted = x.shape.map((size, i) => (i === dim ? index.numel() : size));
  if (!sameShape(source.shape, wanted))
    throw new ShapeError(`${caller}: the source must be ${formatShape(wanted)}; got ${formatShape(source.shape)}`);
}

/** A vector of indices repeated over all other dims of a shape. */
function alongRows(vector: Tensor, shape: Shape, dim: number): Tensor {
  return expandTo(
    'index',
    reshapeTo(
      vector,
      shape.map((_, i) => (i === dim ? vector.numel() : 1)),
    ),
    shape,
  );
}

function checkSameDType(caller: string, x: Tensor, source: Tensor): void {
  if (x.dtype !== source.dtype)
    throw new DTypeError(`${caller}: x and source must have one dtype; got ${x.dtype} and ${source.dtype}. Cast the source`);
}

function checkAddable(caller: string, { dtype }: Tensor): void {
  if (dtype === 'bool') throw new DTypeError(`${caller}: bools cannot be added; got x of bools. Cast it: x.int()`);
}
