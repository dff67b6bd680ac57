import { apply } from '../apply.ts';
import { checkInteger, checkTensor, describe } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { formatShape, normalizeDim, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { permuteTo, reshapeTo } from './movement.ts';

/** Over what `tensordot` sums. */
export interface TensordotOptions {
  /** So many last dims of a and first dims of b, or a list of dims of each. Default 2. */
  readonly dims?: number | readonly [readonly number[], readonly number[]];
}

/**
 * Sums of products over dims of both: the result has the other dims of a, then those of b. PyTorch: `torch.tensordot`.
 *
 * @throws ShapeError if the sizes of the dims differ; DTypeError if the dtypes differ or are bool; ArgumentError for dims that
 *   are not there or named twice.
 * @example tensordot(ones([2, 3, 4]), ones([3, 4, 5])).shape // [2, 5]
 */
export function tensordot(a: Tensor, b: Tensor, options: TensordotOptions = {}): Tensor {
  checkTensor('tensordot', 'a', a);
  checkTensor('tensordot', 'b', b);
  if (a.dtype !== b.dtype) throw new DTypeError(`tensordot: a and b must have one dtype; got ${a.dtype} and ${b.dtype}. Cast one of them`);
  if (a.dtype === 'bool') throw new DTypeError('tensordot: bools cannot be multiplied and summed. Cast them: a.int()');
  const [dimsA, dimsB] = dimsOf(a, b, options.dims ?? 2);
  const sizes = dimsA.map((dim) => a.shape[dim] ?? 1);
  if (dimsB.length !== dimsA.length || dimsB.some((dim, i) => b.shape[dim] !== sizes[i])) {
    throw new ShapeError(
      `tensordot: the summed dims must agree; got [${dimsA.join(', ')}] of a ${formatShape(a.shape)} and [${dimsB.join(', ')}] of b ${formatShape(b.shape)}`,
    );
  }
  const restA = others(a, dimsA);
  const restB = others(b, dimsB);
  const shapeA = restA.map((dim) => a.shape[dim] ?? 1);
  const shapeB = restB.map((dim) => b.shape[dim] ?? 1);
  const left = reshapeTo(permuteTo(a, [...restA, ...dimsA]), [sizeOf(shapeA), sizeOf(sizes)]);
  const right = reshapeTo(permuteTo(b, [...dimsB, ...restB]), [sizeOf(sizes), sizeOf(shapeB)]);
  return reshapeTo(apply('matmul', [left, right], { transposeA: false, transposeB: false }, []), [...shapeA, ...shapeB]);
}

function dimsOf(a: Tensor, b: Tensor, dims: number | readonly [readonly number[], readonly number[]]): [number[], number[]] {
  if (typeof dims === 'number') {
    checkInteger('tensordot', 'dims', dims, 0, Math.min(a.ndim, b.ndim));
    return [Array.from({ length: dims }, (_, i) => a.ndim - dims + i), Array.from({ length: dims }, (_, i) => i)];
  }
  if (!Array.isArray(dims) || !dims.every(Array.isArray))
    throw new ArgumentError(`tensordot: dims must be a number or [dims of a, dims of b]; got ${describe(dims)}`);
  return [distinct(dims[0], a.ndim), distinct(dims[1], b.ndim)];
}

function distinct(dims: readonly number[], rank: number): number[] {
  const list = dims.map((dim) => normalizeDim('tensordot', dim, rank));
  if (new Set(list).size !== list.length) throw new ArgumentError(`tensordot: a dim may be named once; got [${dims.join(', ')}]`);
  return list;
}

function others(x: Tensor, dims: readonly number[]): number[] {
  return x.shape.map((_, dim) => dim).filter((dim) => !dims.includes(dim));
}
