import { ArgumentError, DTypeError, ShapeError, type Tensor } from '@dl/tensor';
import { apply, checkInteger, checkTensor, formatShape } from '@dl/tensor/internal';

/** What `embedding` takes. */
export interface EmbeddingOptions {
  /** The row that padding stands for: no gradient flows to it. Negative ones count from the end. Default: none. */
  readonly paddingIdx?: number | null;
}

/**
 * The rows of `weight` that the indices name: indices of any shape, weight `[rows, width]`; gives `[…, width]`.
 * PyTorch: `torch.nn.functional.embedding`.
 *
 * @throws DTypeError if indices are not int32 or uint8; IndexError, when it is computed, for one that names no row.
 * @example embedding(tensor([0, 2], { dtype: 'int32' }), weight)
 */
export function embedding(indices: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkTensor('embedding', 'indices', indices);
  checkTensor('embedding', 'weight', weight);
  if (indices.dtype !== 'int32' && indices.dtype !== 'uint8') {
    throw new DTypeError(`embedding: indices must be int32 or uint8; got ${indices.dtype}. Cast them: indices.int()`);
  }
  if (weight.ndim !== 2) throw new ShapeError(`embedding: weight must be [rows, width]; got ${formatShape(weight.shape)}`);
  const [rows = 0, width = 0] = weight.shape;
  const whole = indices.int();
  const found = apply('indexSelect', [weight, whole.reshape([indices.numel()])], { dim: 0 }, []).reshape([...indices.shape, width]);
  const padding = paddingRow(options.paddingIdx ?? null, rows);
  return padding === null ? found : stopAt(found, whole.eq(padding).unsqueeze(-1));
}

/** A padding index counted from the front. @throws ArgumentError if there is no such row. */
export function paddingRow(paddingIdx: number | null, rows: number): number | null {
  if (paddingIdx === null) return null;
  if (rows === 0) throw new ArgumentError(`embedding: paddingIdx needs a row; got ${paddingIdx} and no rows`);
  checkInteger('embedding', 'paddingIdx', paddingIdx, -rows, rows - 1);
  return paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
}

function stopAt(x: Tensor, mask: Tensor): Tensor {
  return apply('where', [mask, x.detach(), x], {}, []);
}
