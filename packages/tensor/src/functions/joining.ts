import { apply } from '../apply.ts';
import { checkInteger, checkTensor, describe } from '../checks.ts';
import { promoteTypes } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { formatShape, normalizeDim, type Shape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { checkList, reshapeTo, unchanged } from './movement.ts';
import { castTo } from './operands.ts';

/** Where `cat` and `stack` join. */
export interface JoinOptions {
  /** The dim along which. Default 0. */
  readonly dim?: number;
}

/** Where `repeatInterleave` repeats. */
export interface RepeatInterleaveOptions {
  /** The dim whose elements repeat. Default: those of the flattened tensor. */
  readonly dim?: number;
}

/**
 * Tensors one after the other along a dim, promoted to one dtype; the other sizes must agree. Empty vectors, of shape [0],
 * join with anything. PyTorch: `torch.cat`.
 *
 * @throws ShapeError if the sizes do not agree; ArgumentError for no tensors.
 * @example cat([ones([2, 3]), zeros([1, 3])]).shape // [3, 3]
 */
export function cat(tensors: readonly Tensor[], options: JoinOptions = {}): Tensor {
  checkTensors('cat', tensors);
  return concatenate('cat', tensors, options.dim ?? 0);
}

/**
 * Tensors of one shape along a new dim. PyTorch: `torch.stack`.
 *
 * @throws ShapeError if the shapes differ; ArgumentError for no tensors.
 * @example stack([ones([3]), zeros([3])]).shape // [2, 3]
 */
export function stack(tensors: readonly Tensor[], options: JoinOptions = {}): Tensor {
  const [first] = checkTensors('stack', tensors);
  const dim = normalizeDim('stack', options.dim ?? 0, first.ndim + 1);
  const odd = tensors.find(({ shape }) => !sameShape(shape, first.shape));
  if (odd !== undefined)
    throw new ShapeError(`stack: all tensors must have one shape; got ${formatShape(first.shape)} and ${formatShape(odd.shape)}`);
  const shape = [...first.shape.slice(0, dim), 1, ...first.shape.slice(dim)];
  return concatenate(
    'stack',
    tensors.map((x) => reshapeTo(x, shape)),
    dim,
  );
}

/**
 * Tensors side by side: along dim 1, or dim 0 for vectors. PyTorch: `torch.hstack`.
 *
 * @example hstack([ones([2, 1]), zeros([2, 3])]).shape // [2, 4]
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const [first] = checkTensors('hstack', tensors);
  const columns = tensors.map((x) => (x.ndim === 0 ? reshapeTo(x, [1]) : x));
  return concatenate('hstack', columns, first.ndim < 2 ? 0 : 1);
}

/**
 * Tensors one above the other: along dim 0, vectors as rows. PyTorch: `torch.vstack`.
 *
 * @example vstack([ones([3]), zeros([3])]).shape // [2, 3]
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  checkTensors('vstack', tensors);
  return concatenate(
    'vstack',
    tensors.map((x) => (x.ndim < 2 ? reshapeTo(x, [1, x.numel()]) : x)),
    0,
  );
}

/**
 * The tensor so many times along each dim; more numbers than dims add dims in front. PyTorch: `Tensor.repeat`.
 *
 * @throws ArgumentError for fewer numbers than dims, or numbers below 0.
 * @example arange(3).repeat([2, 2]).shape // [2, 6]
 */
export function repeat(x: Tensor, sizes: Shape): Tensor {
  checkTensor('repeat', 'x', x);
  checkCounts('repeat', sizes);
  if (sizes.length < x.ndim) throw new ArgumentError(`repeat: needs a number for each of the ${x.ndim} dims; got ${describe(sizes)}`);
  return repeatBlocks(x, sizes);
}

/**
 * `repeat`, with ones put before too few numbers. PyTorch: `torch.tile`.
 *
 * @example ones([2, 3]).tile([2]).shape // [2, 6]
 */
export function tile(x: Tensor, dims: Shape): Tensor {
  checkTensor('tile', 'x', x);
  checkCounts('tile', dims);
  return repeatBlocks(x, [...x.shape.slice(dims.length).map(() => 1), ...dims]);
}

/**
 * Each element of a dim so many times in a row. PyTorch: `torch.repeat_interleave` with a number.
 *
 * @example arange(3).repeatInterleave(2) // [0, 0, 1, 1, 2, 2]
 */
export function repeatInterleave(x: Tensor, repeats: number, options: RepeatInterleaveOptions = {}): Tensor {
  checkTensor('repeatInterleave', 'x', x);
  checkInteger('repeatInterleave', 'repeats', repeats, 0);
  const from = options.dim === undefined || x.ndim === 0 ? reshapeTo(x, [x.numel()]) : x;
  const dim = normalizeDim('repeatInterleave', options.dim ?? 0, from.ndim);
  const split = reshapeTo(from, [...from.shape.slice(0, dim + 1), 1, ...from.shape.slice(dim + 1)]);
  const repeated = repeatDims(
    split,
    split.shape.map((_, i) => (i === dim + 1 ? repeats : 1)),
  );
  return reshapeTo(
    repeated,
    from.shape.map((size, i) => (i === dim ? size * repeats : size)),
  );
}

export const joiningMethods = { repeat, tile, repeatInterleave };

// ---------------------------------------------------------------------------------------------------------------------

/** Refuses what is not a list of at least one tensor, and returns it as one. */
export function checkTensors(caller: string, tensors: readonly Tensor[]): readonly [Tensor, ...Tensor[]] {
  checkList(caller, 'tensors', tensors);
  for (const [i, x] of tensors.entries()) checkTensor(caller, `tensors[${i}]`, x);
  const [first, ...rest] = tensors;
  if (first === undefined) throw new ArgumentError(`${caller}: needs at least one tensor; got []`);
  return [first, ...rest];
}

function concatenate(caller: string, tensors: readonly Tensor[], dim: number): Tensor {
  const dtype = tensors.map((x) => x.dtype).reduce(promoteTypes);
  const solid = tensors.filter(({ shape }) => !sameShape(shape, [0]));
  const parts = solid.length === 0 ? tensors.slice(0, 1) : solid;
  const [first] = checkTensors(caller, parts);
  const at = normalizeDim(caller, dim, first.ndim);
  for (const [i, { shape }] of parts.entries()) {
    if (shape.length === 0) throw new ShapeError(`${caller}: tensors of rank 0 cannot be joined; use stack`);
    if (!joinable(shape, first.shape, at)) {
      throw new ShapeError(
        `${caller}: sizes must agree in all dims but dim ${at}; got ${formatShape(first.shape)} and, at ${i}, ${formatShape(shape)}`,
      );
    }
  }
  if (parts.length === 1) return first.dtype === dtype ? unchanged(first) : castTo(first, dtype);
  return apply(
    'cat',
    parts.map((x) => castTo(x, dtype)),
    { dim: at },
    [],
  );
}

function joinable(a: Shape, b: Shape, dim: number): boolean {
  return a.length === b.length && a.every((size, i) => i === dim || size === b[i]);
}

/** Each dim d of [a, b, …] as a block that repeats: [n, a, m, b, …]. */
function repeatBlocks(x: Tensor, counts: Shape): Tensor {
  const added = counts.length - x.ndim;
  const sizes = counts.map((_, i) => x.shape[i - added] ?? 1);
  if (counts.every((count) => count === 1)) return reshapeTo(x, sizes);
  const blocks = reshapeTo(
    x,
    sizes.flatMap((size) => [1, size]),
  );
  const repeated = repeatDims(
    blocks,
    counts.flatMap((count) => [count, 1]),
  );
  return reshapeTo(
    repeated,
    sizes.map((size, i) => size * (counts[i] ?? 1)),
  );
}

/** Dims of size 1 expanded to a count. */
function repeatDims(x: Tensor, counts: Shape): Tensor {
  if (counts.every((count) => count === 1)) return x;
  return apply('expand', [x], { shape: x.shape.map((size, i) => size * (counts[i] ?? 1)) }, []);
}

function checkCounts(caller: string, counts: Shape): void {
  checkList(caller, 'the numbers', counts);
  for (const count of counts) checkInteger(caller, 'each number', count, 0);
}
