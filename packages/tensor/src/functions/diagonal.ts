import { apply } from '../apply.ts';
import { checkInteger, checkTensor } from '../checks.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { formatShape, normalizeDim } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { permuteTo, reshapeTo } from './movement.ts';

/** Which diagonal of which dims. */
export interface DiagonalOfOptions {
  /** 0 is the main diagonal, 1 the one above it, -1 the one below. Default 0. */
  readonly offset?: number;
  /** The dim of the rows. Default 0; of `diagEmbed` -2. */
  readonly dim1?: number;
  /** The dim of the columns. Default 1; of `diagEmbed` -1. */
  readonly dim2?: number;
}

/** Which diagonal `diag` reads or writes. */
export interface DiagOptions {
  /** 0 is the main diagonal, 1 the one above it, -1 the one below. Default 0. */
  readonly diagonal?: number;
}

/**
 * The diagonal of two dims, as a new last dim in their place. PyTorch: `torch.diagonal`.
 *
 * @throws ArgumentError if the dims are the same; ShapeError below rank 2.
 * @example diagonal(tensor([[1, 2], [3, 4]])) // [1, 4]
 */
export function diagonal(x: Tensor, options: DiagonalOfOptions = {}): Tensor {
  checkTensor('diagonal', 'x', x);
  const { offset = 0, dim1 = 0, dim2 = 1 } = options;
  if (x.ndim < 2) throw new ShapeError(`diagonal: x must have at least 2 dims; got ${formatShape(x.shape)}`);
  checkInteger('diagonal', 'offset', offset);
  return diagonalOf(x, ...differentDims('diagonal', dim1, dim2, x.ndim), offset);
}

/**
 * Matrices that hold the last dim on a diagonal and zeros elsewhere. PyTorch: `torch.diag_embed`.
 *
 * @throws ArgumentError if the dims are the same; ShapeError for a scalar.
 * @example diagEmbed(tensor([1, 2])) // [[1, 0], [0, 2]]
 */
export function diagEmbed(x: Tensor, options: DiagonalOfOptions = {}): Tensor {
  checkTensor('diagEmbed', 'x', x);
  const { offset = 0, dim1 = -2, dim2 = -1 } = options;
  if (x.ndim === 0) throw new ShapeError('diagEmbed: x must have at least 1 dim; got a scalar');
  checkInteger('diagEmbed', 'offset', offset);
  const [row, column] = differentDims('diagEmbed', dim1, dim2, x.ndim + 1);
  const matrices = embedded(x, offset);
  const rest = matrices.shape.slice(2).map((_, dim) => dim);
  return permuteTo(
    matrices,
    matrices.shape.map((_, dim) => (dim === row ? x.ndim - 1 : dim === column ? x.ndim : (rest.shift() ?? 0))),
  );
}

/**
 * The diagonal of a matrix, or the matrix with a vector on its diagonal. PyTorch: `torch.diag`.
 *
 * @throws ShapeError unless x has 1 or 2 dims.
 * @example diag(tensor([1, 2])) // [[1, 0], [0, 2]]
 */
export function diag(x: Tensor, options: DiagOptions = {}): Tensor {
  checkTensor('diag', 'x', x);
  const { diagonal: offset = 0 } = options;
  checkInteger('diag', 'diagonal', offset);
  if (x.ndim === 1) return embedded(x, offset);
  if (x.ndim === 2) return diagonalOf(x, 0, 1, offset);
  throw new ShapeError(`diag: x must have 1 or 2 dims; got ${formatShape(x.shape)}. Use diagonal or diagEmbed`);
}

/**
 * The sum of the diagonal of a matrix; integers give int32. PyTorch: `torch.trace`.
 *
 * @throws ShapeError unless x has 2 dims.
 * @example trace(eye(3)) // 3
 */
export function trace(x: Tensor): Tensor {
  checkTensor('trace', 'x', x);
  if (x.ndim !== 2) throw new ShapeError(`trace: x must have 2 dims; got ${formatShape(x.shape)}`);
  return apply('sum', [diagonalOf(x, 0, 1, 0)], { dims: [0], keepDim: false }, []);
}

export const diagonalMethods = { diagonal, diagEmbed, diag, trace };

// ---------------------------------------------------------------------------------------------------------------------

/** A diagonal of two different dims counted from the front: every (columns + 1)-th element of the two flattened. */
export function diagonalOf(x: Tensor, row: number, column: number, offset: number): Tensor {
  const rest = x.shape.map((_, dim) => dim).filter((dim) => dim !== row && dim !== column);
  const rows = x.shape[row] ?? 1;
  const columns = x.shape[column] ?? 1;
  const length = Math.max(0, Math.min(rows, columns, rows + offset, columns - offset));
  const matrices = permuteTo(x, [...rest, row, column]);
  const leading = matrices.shape.slice(0, -2);
  const start = length === 0 ? 0 : offset < 0 ? -offset * columns : offset;
  const flat = reshapeTo(matrices, [...leading, rows * columns]);
  const params = { shape: [...leading, length], steps: [...leading.map(() => 1), columns + 1] };
  return apply('slice', [flat], params, [...leading.map(() => 0), start]);
}

/** Square matrices with the last dim on a diagonal. */
function embedded(x: Tensor, offset: number): Tensor {
  const leading = x.shape.slice(0, -1);
  const size = (x.shape.at(-1) ?? 1) + Math.abs(offset);
  const start = offset < 0 ? -offset * size : offset;
  const params = { shape: [...leading, size * size], steps: [...leading.map(() => 1), size + 1] };
  return reshapeTo(apply('pad', [x], params, [...leading.map(() => 0), start]), [...leading, size, size]);
}

function differentDims(caller: string, dim1: number, dim2: number, rank: number): readonly [number, number] {
  const row = normalizeDim(caller, dim1, rank);
  const column = normalizeDim(caller, dim2, rank);
  if (row === column) throw new ArgumentError(`${caller}: dim1 and dim2 must differ; got ${dim1} and ${dim2}`);
  return [row, column];
}
