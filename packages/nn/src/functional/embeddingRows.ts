import { customGradient, noGrad } from '@dl/autograd';
import { DTypeError, indexAdd, indexCopy, ones, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { apply, checkFloating, checkNumber, checkTensor, formatShape } from '@dl/tensor/internal';
import { checkPositive } from './checks.ts';

/** What `embedding` and `embeddingBag` take. */
export interface EmbeddingTableOptions {
  /** Rows in use whose norm is above this are scaled down to it, in the weight itself, before they are read. Default: no limit. */
  readonly maxNorm?: number | null;
  /** The exponent of that norm; default 2. */
  readonly normType?: number;
  /** Divide a row's gradient by how often the indices name it; default `false`. */
  readonly scaleGradByFreq?: boolean;
}

/** Refuses a table that is not `[rows, width]`, indices that are none, and odd options. */
export function checkTable(caller: string, indices: Tensor, weight: Tensor, options: EmbeddingTableOptions): void {
  checkTensor(caller, 'indices', indices);
  checkTensor(caller, 'weight', weight);
  if (indices.dtype !== 'int32' && indices.dtype !== 'uint8') {
    throw new DTypeError(`${caller}: indices must be int32 or uint8; got ${indices.dtype}. Cast them: indices.int()`);
  }
  checkFloating(caller, 'weight', weight);
  if (weight.ndim !== 2) throw new ShapeError(`${caller}: weight must be [rows, width]; got ${formatShape(weight.shape)}`);
  checkTableOptions(caller, options);
}

/** Refuses a limit that is not above 0, or a norm without an exponent. */
export function checkTableOptions(caller: string, { maxNorm = null, normType = 2 }: EmbeddingTableOptions): void {
  if (maxNorm !== null) checkPositive(caller, 'maxNorm', maxNorm);
  checkNumber(caller, 'normType', normType);
}

/** The rows that a vector of indices names. */
export function rowsOf(weight: Tensor, indices: Tensor): Tensor {
  return apply('indexSelect', [weight, indices], { dim: 0 }, []);
}

/** Scales the named rows of the weight down to `maxNorm`, as PyTorch's `embedding_renorm_` does; the others stay as they are. */
export function limitRows(weight: Tensor, indices: Tensor, { maxNorm = null, normType = 2 }: EmbeddingTableOptions): void {
  if (maxNorm === null || indices.numel() === 0) return;
  noGrad(() => {
    const rows = rowsOf(weight, indices);
    const norms = rows.norm({ p: normType, dim: 1, keepDim: true });
    const factors = norms.add(1e-7).reciprocal().mul(maxNorm).where(norms.gt(maxNorm), 1);
    weight.assign(indexCopy(weight, 0, indices, rows.mul(factors)));
    return null;
  });
}

/** The same numbers; each row's gradient is divided by how often its index occurs. */
export function divideByFrequency(rows: Tensor, indices: Tensor, count: number): Tensor {
  const { dtype } = rows;
  const frequencies = indexAdd(zeros([count], { dtype }), 0, indices, ones([indices.numel()], { dtype }));
  const own = rowsOf(frequencies, indices).unsqueeze(1);
  return customGradient(
    (x: Tensor) => x,
    (gradient) => [gradient.div(own)],
  )(rows);
}
