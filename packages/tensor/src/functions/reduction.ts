import { apply } from '../apply.ts';
import { checkTensor } from '../checks.ts';
import { isFloating } from '../dtype.ts';
import { DTypeError } from '../errors.ts';
import { normalizeDim } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { checkInput, countOf, type DimOptions, extreme, lineUp, type ReductionOptions, reduce } from './along.ts';
import { div } from './arithmetic.ts';
import { eq, isnan, ne } from './comparison.ts';
import { castTo } from './operands.ts';
import { where } from './where.ts';

/** Along which dim to accumulate. */
export interface CumulativeOptions {
  /** The dim; negative ones count from the end. */
  readonly dim: number;
}

/**
 * The sum over all elements, or over dims; 0 over none. Floats add up in float64 and are rounded once;
 * integers and bools give int32 (PyTorch: int64) and wrap around. PyTorch: `torch.sum`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example sum(tensor([[1, 2], [3, 4]]), { dim: 0 }) // [4, 6]
 */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduce('sum', x, options);
}

/**
 * The mean over all elements, or over dims; `NaN` over none. PyTorch: `torch.mean`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example mean(tensor([[1, 2], [3, 4]]), { dim: -1 }) // [1.5, 3.5]
 */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkInput('mean', x);
  return div(reduce('sum', x, options, 'mean'), countOf('mean', x, options));
}

/**
 * The product over all elements, or over dims; 1 over none. Integers and bools give int32 (PyTorch: int64) and wrap
 * around. PyTorch: `torch.prod`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example prod(tensor([2, 3, 4])) // 24
 */
export function prod(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduce('prod', x, options);
}

/**
 * The greatest of all elements, or along dims; `NaN` wins. Equal ones share the gradient. PyTorch: `torch.amax`.
 *
 * @throws ShapeError over no elements; ArgumentError for a dim out of range or named twice.
 * @example amax(tensor([[1, 5], [7, 2]]), { dim: 1 }) // [5, 7]
 */
export function amax(x: Tensor, options: ReductionOptions = {}): Tensor {
  return extreme('amax', x, options);
}

/**
 * The least of all elements, or along dims; `NaN` wins. Equal ones share the gradient. PyTorch: `torch.amin`.
 *
 * @throws ShapeError over no elements; ArgumentError for a dim out of range or named twice.
 * @example amin(tensor([[1, 5], [7, 2]]), { dim: 1 }) // [1, 2]
 */
export function amin(x: Tensor, options: ReductionOptions = {}): Tensor {
  return extreme('amin', x, options);
}

/**
 * Another name of `amax`: values alone, where PyTorch's `torch.max(x, dim)` also returns indices (see `argmax`).
 * The greater of two tensors is `maximum`.
 *
 * @throws ShapeError over no elements; ArgumentError for a dim out of range or named twice.
 * @example max(tensor([1, 5, 3])) // 5
 */
export function max(x: Tensor, options: ReductionOptions = {}): Tensor {
  return extreme('amax', x, options, 'max');
}

/**
 * Another name of `amin`: values alone, where PyTorch's `torch.min(x, dim)` also returns indices (see `argmin`).
 * The smaller of two tensors is `minimum`.
 *
 * @throws ShapeError over no elements; ArgumentError for a dim out of range or named twice.
 * @example min(tensor([1, 5, 3])) // 1
 */
export function min(x: Tensor, options: ReductionOptions = {}): Tensor {
  return extreme('amin', x, options, 'min');
}

/**
 * The index of the greatest element along a dim, or of the flattened tensor: the first of equal ones, the first `NaN`
 * if there is one; int32. PyTorch: `torch.argmax`.
 *
 * @throws ShapeError over no elements; DTypeError for bools; ArgumentError for a dim out of range.
 * @example argmax(tensor([[1, 5], [7, 2]]), { dim: 1 }) // [1, 0]
 */
export function argmax(x: Tensor, options: DimOptions = {}): Tensor {
  return positionOf('argmax', x, options);
}

/**
 * The index of the least element along a dim, or of the flattened tensor: the first of equal ones, the first `NaN`
 * if there is one; int32. PyTorch: `torch.argmin`.
 *
 * @throws ShapeError over no elements; DTypeError for bools; ArgumentError for a dim out of range.
 * @example argmin(tensor([[1, 5], [7, 2]]), { dim: 1 }) // [0, 1]
 */
export function argmin(x: Tensor, options: DimOptions = {}): Tensor {
  return positionOf('argmin', x, options);
}

/**
 * Whether any element is not zero (`NaN` is not), as a bool; false over none. PyTorch: `torch.any`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example any(x.gt(0), { dim: 1 })
 */
export function any(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('any', 'x', x);
  return ne(reduce('sum', castTo(x, 'bool'), options, 'any'), 0);
}

/**
 * Whether no element is zero, as a bool; true over none. PyTorch: `torch.all`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example all(x.gt(0), { dim: 1 })
 */
export function all(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('all', 'x', x);
  return eq(reduce('sum', eq(x, 0), options, 'all'), 0);
}

/**
 * How many elements are not zero; int32. PyTorch: `torch.count_nonzero`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example countNonzero(tensor([0, 3, 0, 1])) // 2
 */
export function countNonzero(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('countNonzero', 'x', x);
  return reduce('sum', castTo(x, 'bool'), options, 'countNonzero');
}

/**
 * The sum that takes `NaN` as 0. PyTorch: `torch.nansum`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example nansum(tensor([1, NaN, 2])) // 3
 */
export function nansum(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('nansum', 'x', x);
  return reduce('sum', isFloating(x.dtype) ? where(isnan(x), 0, x) : x, options, 'nansum');
}

/**
 * The sums of the elements up to and including each, along a dim. Integers and bools give int32 (PyTorch: int64). PyTorch: `torch.cumsum`.
 *
 * @throws ArgumentError for a dim out of range.
 * @example cumsum(tensor([1, 2, 3]), { dim: 0 }) // [1, 3, 6]
 */
export function cumsum(x: Tensor, options: CumulativeOptions): Tensor {
  checkTensor('cumsum', 'x', x);
  const dim = normalizeDim('cumsum', options?.dim, x.ndim);
  if (x.ndim > 0) return apply('cumsum', [x], { dim }, []);
  return apply('sum', [x], { dims: [], keepDim: false }, []);
}

export const reductionMethods = {
  sum,
  mean,
  prod,
  amax,
  amin,
  max,
  min,
  argmax,
  argmin,
  any,
  all,
  countNonzero,
  nansum,
  cumsum,
};

function positionOf(name: 'argmax' | 'argmin', x: Tensor, options: DimOptions): Tensor {
  checkTensor(name, 'x', x);
  if (x.dtype === 'bool') throw new DTypeError(`${name}: bools have no order; got bool. Cast it first: x.int()`);
  const { line, dim, shape } = lineUp(name, x, options);
  return apply('reshape', [apply(name, [line], { dim, keepDim: true }, [])], { shape }, []);
}
