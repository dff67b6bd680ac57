import { apply } from '../apply.ts';
import { checkInteger, checkTensor } from '../checks.ts';
import { allocate, type DType, type TypedArray } from '../dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { data } from '../evaluation/evaluate.ts';
import { leafTensor } from '../leaf.ts';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { expandTo, reshapeTo } from './movement.ts';

/** What `bincount` takes. */
export interface BincountOptions {
  /** What each element counts, of the same shape. Default 1. */
  readonly weights?: Tensor;
  /** The least length of the result. Default 0. */
  readonly minlength?: number;
}

/** What `unique` finds. */
export interface Unique {
  /** Each value once, ascending. */
  readonly values: Tensor;
  /** The place in `values` of each element: of the shape of the input; int32. */
  readonly inverse: Tensor;
  /** How often each value occurs; int32. */
  readonly counts: Tensor;
}

/**
 * The indices of all elements that are not 0, in row-major order: `[count, rank]`, int32. How many there are is known only
 * after an evaluation, so this is asynchronous. PyTorch: `torch.nonzero`.
 *
 * @example await nonzero(tensor([[1, 0], [0, 2]])) // [[0, 0], [1, 1]]
 */
export async function nonzero(x: Tensor): Promise<Tensor> {
  checkTensor('nonzero', 'x', x);
  const positions = nonzeroPositions(await data(x));
  const rank = x.ndim;
  const indices = new Int32Array(positions.length * rank);
  positions.forEach((position, i) => {
    let rest = position;
    for (let dim = rank - 1; dim >= 0; dim--) {
      const size = x.shape[dim] ?? 1;
      indices[i * rank + dim] = rest % size;
      rest = Math.floor(rest / size);
    }
  });
  return leafTensor({ shape: [positions.length, rank], dtype: 'int32' }, indices);
}

/**
 * The elements of x where the mask holds, as a vector in row-major order; both broadcast. Gradients flow to x. How many
 * elements there are is known only after an evaluation of the mask, so this is asynchronous. PyTorch: `torch.masked_select`.
 *
 * @throws DTypeError if the mask is not bool; ShapeError if they do not broadcast.
 * @example await maskedSelect(x, x.gt(0)) // the positive elements
 */
export async function maskedSelect(x: Tensor, mask: Tensor): Promise<Tensor> {
  checkTensor('maskedSelect', 'x', x);
  checkTensor('maskedSelect', 'mask', mask);
  if (mask.dtype !== 'bool')
    throw new DTypeError(`maskedSelect: the mask must be bool; got ${mask.dtype}. Compare it, or cast it: mask.bool()`);
  const shape = broadcastShapes('maskedSelect', x.shape, mask.shape);
  const source = expandTo('maskedSelect', x, shape);
  const positions = nonzeroPositions(await data(expandTo('maskedSelect', mask, shape)));
  const indices = leafTensor({ shape: [positions.length], dtype: 'int32' }, Int32Array.from(positions));
  return apply('indexSelect', [reshapeTo(source, [source.numel()]), indices], { dim: 0 }, []);
}

/**
 * The different values of a tensor, ascending, where each element's is, and how often each occurs. Every `NaN` is different from
 * all others. How many there are is known only after an evaluation, so this is asynchronous. PyTorch: `torch.unique`.
 *
 * @example const { values, counts } = await unique(tensor([2, 1, 2])); // [1, 2] and [1, 2]
 */
export async function unique(x: Tensor): Promise<Unique> {
  checkTensor('unique', 'x', x);
  const elements = await data(x);
  const order = ascendingOrder(elements);
  const inverse = new Int32Array(elements.length);
  const values: number[] = [];
  const counts: number[] = [];
  for (const position of order) {
    const value = elements[position] as number;
    if (values.length === 0 || values.at(-1) !== value) {
      values.push(value);
      counts.push(0);
    }
    counts.push((counts.pop() ?? 0) + 1);
    inverse[position] = values.length - 1;
  }
  return {
    values: vector(values, x.dtype),
    inverse: leafTensor({ shape: x.shape, dtype: 'int32' }, inverse),
    counts: vector(counts, 'int32'),
  };
}

/**
 * How often each whole number from 0 up occurs, or the sum of its weights; int32, or of the dtype of the weights. The length is
 * known only after an evaluation, so this is asynchronous. PyTorch: `torch.bincount`.
 *
 * @throws DTypeError if x is not int32 or uint8; ShapeError if it is not a vector or the weights have another shape;
 *   ArgumentError for a negative element.
 * @example await bincount(tensor([0, 2, 2], { dtype: 'int32' })) // [1, 0, 2]
 */
export async function bincount(x: Tensor, options: BincountOptions = {}): Promise<Tensor> {
  const { weights, minlength = 0 } = options;
  checkCountable(x, weights);
  checkInteger('bincount', 'minlength', minlength, 0);
  const elements = await data(x);
  const amounts = weights === undefined ? null : await data(weights);
  const sums = new Array<number>(lengthOf(elements, minlength)).fill(0);
  for (let i = 0; i < elements.length; i++) {
    const bin = elements[i] as number;
    sums[bin] = (sums[bin] ?? 0) + (amounts === null ? 1 : (amounts[i] as number));
  }
  return vector(sums, weights?.dtype ?? 'int32');
}

export const dataDependentMethods = { nonzero, maskedSelect, unique, bincount };

// ---------------------------------------------------------------------------------------------------------------------

function nonzeroPositions(elements: TypedArray): number[] {
  const positions: number[] = [];
  for (let i = 0; i < elements.length; i++) if (elements[i] !== 0) positions.push(i);
  return positions;
}

/** Positions by ascending value, `NaN` last. */
function ascendingOrder(elements: TypedArray): Int32Array {
  const order = Int32Array.from(elements, (_, i) => i);
  const value = (position: number): number => elements[position] as number;
  return order.sort((i, j) => value(i) - value(j) || Number(Number.isNaN(value(i))) - Number(Number.isNaN(value(j))));
}

function vector(values: readonly number[], dtype: DType): Tensor {
  const array = allocate(dtype, values.length);
  array.set(values);
  return leafTensor({ shape: [values.length], dtype }, array);
}

function checkCountable(x: Tensor, weights: Tensor | undefined): void {
  checkTensor('bincount', 'x', x);
  if (x.dtype !== 'int32' && x.dtype !== 'uint8')
    throw new DTypeError(`bincount: x must be int32 or uint8; got ${x.dtype}. Cast it: x.int()`);
  if (x.ndim !== 1) throw new ShapeError(`bincount: x must be a vector; got ${formatShape(x.shape)}`);
  if (weights === undefined) return;
  checkTensor('bincount', 'weights', weights);
  checkWeightShape(x.shape, weights.shape);
}

function checkWeightShape(x: Shape, weights: Shape): void {
  if (!sameShape(x, weights))
    throw new ShapeError(`bincount: weights must have the shape of x; got ${formatShape(weights)} and x ${formatShape(x)}`);
}

function lengthOf(elements: TypedArray, least: number): number {
  let length = least;
  for (const element of elements) {
    if (element < 0) throw new ArgumentError(`bincount: elements must not be negative; got ${element}`);
    length = Math.max(length, element + 1);
  }
  return length;
}
