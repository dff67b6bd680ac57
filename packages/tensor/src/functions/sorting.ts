import { apply } from '../apply.ts';
import { checkInteger, checkTensor } from '../checks.ts';
import { ShapeError } from '../errors.ts';
import { formatShape, normalizeDim, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { eq } from './comparison.ts';
import { reshapeTo } from './movement.ts';
import { binaryOperands } from './operands.ts';
import { any } from './reduction.ts';
import { slicePart } from './slicing.ts';

/** What `sort` and `argsort` take. */
export interface SortOptions {
  /** The dim along which. Default -1. */
  readonly dim?: number;
  /** Greatest first. Default false. */
  readonly descending?: boolean;
}

/** What `topk` takes. */
export interface TopkOptions {
  /** The dim along which. Default -1. */
  readonly dim?: number;
  /** `false` takes the least instead. Default true. */
  readonly largest?: boolean;
}

/** What `kthvalue` takes. */
export interface KthvalueOptions {
  /** The dim along which. Default -1. */
  readonly dim?: number;
  /** Whether the dim stays, with size 1. Default false. */
  readonly keepDim?: boolean;
}

/** What `searchsorted` takes. */
export interface SearchsortedOptions {
  /** Whether equal elements lie before the place. Default false. */
  readonly right?: boolean;
}

/**
 * The elements in ascending order along a dim, and where each came from (int32). Equal ones keep their order; `NaN` counts as
 * the greatest. PyTorch: `torch.sort`.
 *
 * @throws ArgumentError if there is no such dim.
 * @example const [values, indices] = sort(tensor([3, 1, 2])); // [1, 2, 3] and [1, 2, 0]
 */
export function sort(x: Tensor, options: SortOptions = {}): readonly [values: Tensor, indices: Tensor] {
  checkTensor('sort', 'x', x);
  const { dim = -1, descending = false } = options;
  return apply('sort', [x], { dim: normalizeDim('sort', dim, x.ndim), descending }, []);
}

/**
 * The indices that would sort a tensor along a dim; int32. PyTorch: `torch.argsort`, always stable.
 *
 * @throws ArgumentError if there is no such dim.
 * @example argsort(tensor([3, 1, 2])) // [1, 2, 0]
 */
export function argsort(x: Tensor, options: SortOptions = {}): Tensor {
  checkTensor('argsort', 'x', x);
  const { dim = -1, descending = false } = options;
  return apply('sort', [x], { dim: normalizeDim('argsort', dim, x.ndim), descending }, [])[1];
}

/**
 * The k greatest elements along a dim, greatest first, and where they are (int32); of equal ones the first. PyTorch: `torch.topk`.
 *
 * @throws ArgumentError if the dim has fewer than k elements.
 * @example const [values, indices] = topk(tensor([3, 1, 2]), 2); // [3, 2] and [0, 2]
 */
export function topk(x: Tensor, k: number, options: TopkOptions = {}): readonly [values: Tensor, indices: Tensor] {
  checkTensor('topk', 'x', x);
  const dim = normalizeDim('topk', options.dim ?? -1, x.ndim);
  checkInteger('topk', 'k', k, 0, x.shape[dim] ?? 1);
  const [values, indices] = apply('sort', [x], { dim, descending: options.largest ?? true }, []);
  if (x.ndim === 0 && k === 1) return [values, indices];
  return [slicePart(values, dim, { start: 0, step: 1, length: k }), slicePart(indices, dim, { start: 0, step: 1, length: k })];
}

/**
 * The k-th least element along a dim, counted from 1, and where it is (int32). PyTorch: `torch.kthvalue`.
 *
 * @throws ArgumentError if k is not in [1, size of the dim].
 * @example const [value, index] = kthvalue(tensor([3, 1, 2]), 2); // 2 and 2
 */
export function kthvalue(x: Tensor, k: number, options: KthvalueOptions = {}): readonly [value: Tensor, index: Tensor] {
  checkTensor('kthvalue', 'x', x);
  const dim = normalizeDim('kthvalue', options.dim ?? -1, x.ndim);
  checkInteger('kthvalue', 'k', k, 1, x.shape[dim] ?? 1);
  const [values, indices] = apply('sort', [x], { dim, descending: false }, []);
  if (x.ndim === 0) return [values, indices];
  const kept = x.shape.map((size, i) => (i === dim ? 1 : size));
  const shape = options.keepDim === true ? kept : kept.filter((_, i) => i !== dim);
  const pick = (from: Tensor) => reshapeTo(slicePart(from, dim, { start: k - 1, step: 1, length: 1 }), shape);
  return [pick(values), pick(indices)];
}

/**
 * Where values would have to be inserted into a sorted sequence to keep it sorted: the number of its elements that are less
 * (or, with `right`, not greater); int32. The sequence is a vector, or has the leading dims of the values.
 * All pairs are compared. PyTorch: `torch.searchsorted`.
 *
 * @throws ShapeError if the leading dims differ.
 * @example searchsorted(tensor([1, 3, 5]), tensor([0, 3, 9])) // [0, 1, 3]
 */
export function searchsorted(sorted: Tensor, values: Tensor, options: SearchsortedOptions = {}): Tensor {
  checkTensor('searchsorted', 'sorted', sorted);
  checkTensor('searchsorted', 'values', values);
  const isVector = sorted.ndim === 1;
  if (sorted.ndim === 0 || (!isVector && !sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1)))) {
    throw new ShapeError(
      `searchsorted: sorted must be a vector or have the leading dims of values; got ${formatShape(sorted.shape)} and ${formatShape(values.shape)}`,
    );
  }
  const [sequence, wanted] = binaryOperands('searchsorted', sorted, values);
  const columns = isVector ? sequence : reshapeTo(sequence, [...sorted.shape.slice(0, -1), 1, sorted.shape.at(-1) ?? 1]);
  const before = apply(options.right === true ? 'le' : 'lt', [columns, reshapeTo(wanted, [...values.shape, 1])], {}, []);
  return apply('sum', [before], { dims: [values.ndim], keepDim: false }, []);
}

/**
 * Whether each element is among some others; bool. All pairs are compared. PyTorch: `torch.isin`.
 *
 * @example isin(tensor([1, 2, 3]), tensor([2, 5])) // [false, true, false]
 */
export function isin(elements: Tensor, testElements: Tensor): Tensor {
  checkTensor('isin', 'elements', elements);
  checkTensor('isin', 'testElements', testElements);
  const column = reshapeTo(elements, [...elements.shape, 1]);
  return any(eq(column, reshapeTo(testElements, [testElements.numel()])), { dim: -1 });
}

export const sortingMethods = { sort, argsort, topk, kthvalue };
