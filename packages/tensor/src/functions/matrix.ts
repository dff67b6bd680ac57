import { apply } from '../apply.ts';
import { checkInteger, checkNumber, checkTensor } from '../checks.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { broadcastShapes, formatShape, type Shape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { checkTensors } from './joining.ts';
import { expandTo, reshapeTo } from './movement.ts';
import { binaryOperands, castTo, constant } from './operands.ts';

/** How `addmm`, `addmv` and `baddbmm` weigh their terms. */
export interface AddmmOptions {
  /** Weight of what is added. Default 1. */
  readonly beta?: number;
  /** Weight of the product. Default 1. */
  readonly alpha?: number;
}

/**
 * The matrix product over the last two dims: `out[i][j] = Σ_k a[i][k] · b[k][j]`; leading dims are a batch and broadcast.
 * A vector on the left is a row, on the right a column, and that dim is dropped again: two vectors give their dot product.
 * Integers wrap. PyTorch: `torch.matmul`.
 *
 * @throws ShapeError if the inner sizes differ, the batches do not broadcast or an operand is a scalar;
 *   DTypeError if the dtypes differ or are bool.
 * @example matmul(ones([2, 3]), ones([3, 4])).shape // [2, 4]
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkFactors('matmul', a, b);
  if (a.ndim === 0 || b.ndim === 0)
    throw new ShapeError(`matmul: a and b must have at least 1 dim; got ${pair(a, b)}. For scalars use mul`);
  const left = a.ndim === 1 ? reshapeTo(a, [1, ...a.shape]) : a;
  const right = b.ndim === 1 ? reshapeTo(b, [...b.shape, 1]) : b;
  if (left.shape.at(-1) !== right.shape.at(-2)) throw new ShapeError(`matmul: inner sizes must agree; got ${pair(a, b)}`);
  const product = multiply(left, right);
  if (a.ndim > 1 && b.ndim > 1) return product;
  const { shape } = product;
  return reshapeTo(product, [
    ...shape.slice(0, -2),
    ...(a.ndim === 1 ? [] : shape.slice(-2, -1)),
    ...(b.ndim === 1 ? [] : shape.slice(-1)),
  ]);
}

/**
 * The product of two matrices. PyTorch: `torch.mm`.
 *
 * @throws ShapeError unless they are [n, k] and [k, m]; DTypeError if the dtypes differ or are bool.
 * @example mm(ones([2, 3]), ones([3, 4])).shape // [2, 4]
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  return product('mm', a, b, [2, 2]);
}

/**
 * The products of two batches of matrices. PyTorch: `torch.bmm`.
 *
 * @throws ShapeError unless they are [B, n, k] and [B, k, m]; DTypeError if the dtypes differ or are bool.
 * @example bmm(ones([5, 2, 3]), ones([5, 3, 4])).shape // [5, 2, 4]
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  checkTensor('bmm', 'a', a);
  checkTensor('bmm', 'b', b);
  if (a.ndim === 3 && b.ndim === 3 && a.shape[0] !== b.shape[0]) throw new ShapeError(`bmm: batch sizes must agree; got ${pair(a, b)}`);
  return product('bmm', a, b, [3, 3]);
}

/**
 * The product of a matrix and a vector. PyTorch: `torch.mv`.
 *
 * @throws ShapeError unless they are [n, k] and [k]; DTypeError if the dtypes differ or are bool.
 * @example mv(ones([2, 3]), ones([3])) // [3, 3]
 */
export function mv(a: Tensor, b: Tensor): Tensor {
  return product('mv', a, b, [2, 1]);
}

/**
 * `Σ_i a_i b_i` of two vectors. PyTorch: `torch.dot`.
 *
 * @throws ShapeError unless they are vectors of one size; DTypeError if the dtypes differ or are bool.
 * @example dot(tensor([1, 2]), tensor([3, 4])) // 11
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  return product('dot', a, b, [1, 1]);
}

/**
 * All products of the elements of two vectors: `out[i][j] = a[i] · b[j]`. PyTorch: `torch.outer`.
 *
 * @throws ShapeError unless both are vectors.
 * @example outer(tensor([1, 2]), tensor([3, 4, 5])).shape // [2, 3]
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkRanks('outer', a, b, [1, 1]);
  return mul(reshapeTo(a, [a.numel(), 1]), b);
}

/**
 * Sums of products over the last dim of both: `out[i…, j…] = Σ_k a[i…, k] · b[j…, k]`; a scalar multiplies. PyTorch: `torch.inner`.
 *
 * @throws ShapeError if the last sizes differ; DTypeError if the dtypes differ or are bool.
 * @example inner(ones([2, 3]), ones([4, 3])).shape // [2, 4]
 */
export function inner(a: Tensor, b: Tensor): Tensor {
  checkFactors('inner', a, b);
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b);
  const k = a.shape.at(-1) ?? 1;
  if (k !== b.shape.at(-1)) throw new ShapeError(`inner: last sizes must agree; got ${pair(a, b)}`);
  const rows = (x: Tensor) => reshapeTo(x, [sizeOf(x.shape.slice(0, -1)), k]);
  const products = apply('matmul', [rows(a), rows(b)], { transposeA: false, transposeB: true }, []);
  return reshapeTo(products, [...a.shape.slice(0, -1), ...b.shape.slice(0, -1)]);
}

/**
 * `beta · x + alpha · (a @ b)` of matrices; x broadcasts. PyTorch: `torch.addmm`.
 *
 * @throws ShapeError unless a and b are [n, k] and [k, m] and x broadcasts to [n, m].
 * @example addmm(ones([4]), ones([2, 3]), ones([3, 4]), { alpha: 0.5 }) // 2.5 everywhere
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return weighted('addmm', x, product('addmm', a, b, [2, 2]), options);
}

/**
 * `beta · x + alpha · (a @ b)` of a matrix and a vector. PyTorch: `torch.addmv`.
 *
 * @example addmv(ones([2]), ones([2, 3]), ones([3])) // [4, 4]
 */
export function addmv(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return weighted('addmv', x, product('addmv', a, b, [2, 1]), options);
}

/**
 * `beta · x + alpha · (a @ b)` of batches of matrices. PyTorch: `torch.baddbmm`.
 *
 * @example baddbmm(ones([2, 4]), ones([5, 2, 3]), ones([5, 3, 4])).shape // [5, 2, 4]
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  return weighted('baddbmm', x, product('baddbmm', a, b, [3, 3]), options);
}

/**
 * `a @ a @ …`, n times, of square matrices or batches of them; n = 0 gives identities. PyTorch: `torch.linalg.matrix_power` without inverses.
 *
 * @throws ShapeError unless the last two sizes are equal; ArgumentError for a negative power.
 * @example matrixPower(tensor([[1, 1], [0, 1]]), 5) // [[1, 5], [0, 1]]
 */
export function matrixPower(a: Tensor, n: number): Tensor {
  checkFactors('matrixPower', a, a);
  checkInteger('matrixPower', 'n', n, 0);
  const size = a.shape.at(-1) ?? 1;
  if (a.ndim < 2 || a.shape.at(-2) !== size)
    throw new ShapeError(`matrixPower: the last two sizes must be equal; got ${formatShape(a.shape)}`);
  if (n === 0) return identities(a, size);
  let result: Tensor | null = null;
  let square = a;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? square : matmul(result, square);
    if (rest > 1) square = matmul(square, square);
  }
  return result ?? a;
}

/**
 * The product of a chain of matrices, multiplied in the order that takes the fewest operations; the first and the last may
 * be vectors. PyTorch: `torch.linalg.multi_dot`.
 *
 * @throws ShapeError if neighbours do not fit or one in between is not a matrix.
 * @example multiDot([ones([9, 2]), ones([2, 9]), ones([9])]) // 18 everywhere
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  const chain = checkTensors('multiDot', tensors);
  for (const [i, { shape, ndim }] of chain.entries()) {
    const isEnd = i === 0 || i === chain.length - 1;
    if (ndim !== 2 && !(isEnd && ndim === 1)) {
      throw new ShapeError(`multiDot: tensors must be matrices, the ends may be vectors; got ${formatShape(shape)} at ${i}`);
    }
    const before = chain[i - 1];
    if (before !== undefined && before.shape.at(-1) !== shape[0]) {
      throw new ShapeError(`multiDot: neighbours must fit; got ${formatShape(before.shape)} and ${formatShape(shape)} at ${i}`);
    }
  }
  const sizes = chain.map(({ shape, ndim }, i) => (ndim === 2 ? (shape[0] ?? 1) : i === 0 ? 1 : (shape[0] ?? 1)));
  const last = chain.at(-1) ?? chain[0];
  return multiplyChain(chain, cheapestSplits([...sizes, last.ndim === 2 ? (last.shape[1] ?? 1) : 1]), 0, chain.length - 1);
}

/**
 * The Kronecker product: each element of `a` times the whole of `b`, as a block. PyTorch: `torch.kron`.
 *
 * @example kron(eye(2), ones([2, 2])).shape // [4, 4]
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  checkTensor('kron', 'a', a);
  checkTensor('kron', 'b', b);
  const rank = Math.max(a.ndim, b.ndim);
  const fill = (x: Tensor) => [...new Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const [m, n] = [fill(a), fill(b)];
  const blocks = mul(
    reshapeTo(
      a,
      m.flatMap((size) => [size, 1]),
    ),
    reshapeTo(
      b,
      n.flatMap((size) => [1, size]),
    ),
  );
  return reshapeTo(
    blocks,
    m.map((size, i) => size * (n[i] ?? 1)),
  );
}

export const matrixMethods = { matmul, mm, bmm, mv, dot, outer, inner, addmm, addmv, baddbmm, matrixPower, kron };

// ---------------------------------------------------------------------------------------------------------------------

/** The product of two tensors of at least two dims whose inner sizes agree. */
function multiply(a: Tensor, b: Tensor): Tensor {
  const params = { transposeA: false, transposeB: false };
  if (b.ndim > 2 || a.ndim === 2) {
    checkBatches(a, b);
    return apply('matmul', [a, b], params, []);
  }
  // One matrix on the right: the batch on the left is one tall matrix.
  const [m = 1, k = 1] = a.shape.slice(-2);
  const batch = a.shape.slice(0, -2);
  const product = apply('matmul', [reshapeTo(a, [sizeOf(batch) * m, k]), b], params, []);
  return reshapeTo(product, [...batch, m, b.shape.at(-1) ?? 1]);
}

function checkBatches(a: Tensor, b: Tensor): void {
  try {
    broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  } catch {
    throw new ShapeError(`matmul: leading dims must broadcast; got ${pair(a, b)}`);
  }
}

function product(caller: string, a: Tensor, b: Tensor, ranks: readonly [number, number]): Tensor {
  checkRanks(caller, a, b, ranks);
  checkFactors(caller, a, b);
  if (a.shape.at(-1) !== b.shape.at(ranks[1] === 1 ? 0 : -2)) throw new ShapeError(`${caller}: inner sizes must agree; got ${pair(a, b)}`);
  return matmul(a, b);
}

function weighted(caller: string, x: Tensor, product: Tensor, { beta = 1, alpha = 1 }: AddmmOptions): Tensor {
  checkTensor(caller, 'x', x);
  checkNumber(caller, 'beta', beta);
  checkNumber(caller, 'alpha', alpha);
  checkSameDType(caller, 'x and the factors', x, product);
  const scaled = alpha === 1 ? product : mul(product, constant(caller, alpha, product.dtype));
  // As in PyTorch, a weight of 0 leaves out x altogether, its NaN too.
  if (beta === 0) return scaled;
  const term = expandTo(caller, x, product.shape);
  return add(beta === 1 ? term : mul(term, constant(caller, beta, x.dtype)), scaled);
}

function identities(like: Tensor, size: number): Tensor {
  const line = apply('iota', [], { length: size, dtype: 'int32' }, [0, 1]);
  const [rows, columns] = binaryOperands('matrixPower', reshapeTo(line, [size, 1]), line);
  return expandTo('matrixPower', castTo(apply('eq', [rows, columns], {}, []), like.dtype), like.shape);
}

/** Where to cut the chain from i to j for the fewest multiplications (Cormen et al., Introduction to Algorithms, 15.2). */
function cheapestSplits(sizes: Shape): number[][] {
  const n = sizes.length - 1;
  const size = (i: number) => sizes[i] ?? 1;
  const costs = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const splits = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      let best = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const cost = (costs[i]?.[k] ?? 0) + (costs[k + 1]?.[j] ?? 0) + size(i) * size(k + 1) * size(j + 1);
        if (cost >= best) continue;
        best = cost;
        splits[i]?.splice(j, 1, k);
      }
      costs[i]?.splice(j, 1, best);
    }
  }
  return splits;
}

function multiplyChain(chain: readonly [Tensor, ...Tensor[]], splits: readonly (readonly number[])[], first: number, last: number): Tensor {
  if (first === last) return chain[first] ?? chain[0];
  const split = splits[first]?.[last] ?? first;
  const left = multiplyChain(chain, splits, first, split);
  return matmul(left, multiplyChain(chain, splits, split + 1, last));
}

function checkFactors(caller: string, a: Tensor, b: Tensor): void {
  checkTensor(caller, 'a', a);
  checkTensor(caller, 'b', b);
  checkSameDType(caller, 'a and b', a, b);
  if (a.dtype === 'bool') throw new DTypeError(`${caller}: bools cannot be multiplied as matrices. Cast them: a.float()`);
}

function checkSameDType(caller: string, what: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) throw new DTypeError(`${caller}: ${what} must have one dtype; got ${a.dtype} and ${b.dtype}. Cast one of them`);
}

const rankNames = ['scalars', 'vectors', 'matrices', 'batches of matrices'];

function checkRanks(caller: string, a: Tensor, b: Tensor, [m, n]: readonly [number, number]): void {
  checkTensor(caller, 'a', a);
  checkTensor(caller, 'b', b);
  if (a.ndim === m && b.ndim === n) return;
  const wanted = m === n ? `${rankNames[m]}, of rank ${m}` : `of rank ${m} and ${n}`;
  throw new ShapeError(`${caller}: a and b must be ${wanted}; got ${pair(a, b)}`);
}

function pair(a: Tensor, b: Tensor): string {
  return `a ${formatShape(a.shape)} and b ${formatShape(b.shape)}`;
}
