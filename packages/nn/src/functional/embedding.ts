import { ArgumentError, type Tensor } from '@dl/tensor';
import { apply, checkInteger } from '@dl/tensor/internal';
import { checkTable, divideByFrequency, type EmbeddingTableOptions, limitRows, rowsOf } from './embeddingRows.ts';

/** What `embedding` takes. */
export interface EmbeddingOptions extends EmbeddingTableOptions {
  /** The row that padding stands for: no gradient flows to it. Negative ones count from the end. Default: none. */
  readonly paddingIdx?: number | null;
}

/**
 * The rows of `weight` that the indices name: indices of any shape, weight `[rows, width]`; gives `[…, width]`.
 * PyTorch: `torch.nn.functional.embedding`.
 *
 * @throws DTypeError if indices are not int32 or uint8; ArgumentError for options out of range; IndexError, when it is computed, for an
 *   index that names no row.
 * @example embedding(tensor([0, 2], { dtype: 'int32' }), weight)
 */
export function embedding(indices: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkTable('embedding', indices, weight, options);
  const [rows = 0, width = 0] = weight.shape;
  const flat = indices.int().reshape([indices.numel()]);
  const padding = paddingRow(options.paddingIdx ?? null, rows);
  limitRows(weight, flat, options);
  const found = rowsOf(weight, flat);
  const fair = options.scaleGradByFreq === true ? divideByFrequency(found, flat, rows) : found;
  const open = padding === null ? fair : stopAt(fair, flat.eq(padding).unsqueeze(-1));
  return open.reshape([...indices.shape, width]);
}

/** A padding index counted from the front. @throws ArgumentError if there is no such row. */
export function paddingRow(paddingIdx: number | null, rows: number, caller = 'embedding'): number | null {
  if (paddingIdx === null) return null;
  if (rows === 0) throw new ArgumentError(`${caller}: paddingIdx needs a row; got ${paddingIdx} and no rows`);
  checkInteger(caller, 'paddingIdx', paddingIdx, -rows, rows - 1);
  return paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
}

/** The same numbers; where the mask holds, no gradient passes. */
function stopAt(x: Tensor, mask: Tensor): Tensor {
  return apply('where', [mask, x.detach(), x], {}, []);
}
