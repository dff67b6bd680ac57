import { cat, DTypeError, full, type Shape, ShapeError, type Tensor, where, zeros } from '@dl/tensor';
import { checkTensor, formatShape, sameShape } from '@dl/tensor/internal';

/** What attention is over: heads `[batch, heads, rows, …]` of queries, `columns` keys. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  readonly dtype: Tensor['dtype'];
}

/** Masks as PyTorch's layers take them: bool, and true hides; or floating, and added to the scores. */
interface AttentionMasks {
  /** `[T, S]`, or `[B · heads, T, S]`. */
  readonly attnMask: Tensor | null;
  /** `[B, S]`. */
  readonly keyPaddingMask: Tensor | null;
}

/**
 * Two masks as one that is added to the scores and broadcasts to `[B, heads, T, S]`; `null` if nothing is hidden.
 *
 * @throws ShapeError, DTypeError for a mask that does not fit.
 */
export function mergedMask(caller: string, masks: AttentionMasks, sizes: AttentionSizes): Tensor | null {
  const scores = masks.attnMask === null ? null : scoreMask(caller, masks.attnMask, sizes);
  const padding = masks.keyPaddingMask === null ? null : paddingMask(caller, masks.keyPaddingMask, sizes);
  return scores === null || padding === null ? (scores ?? padding) : scores.add(padding);
}

/** The mask with columns of zeros behind it: for keys that every query sees. */
export function widenedMask(mask: Tensor, columns: number): Tensor {
  return columns === 0 ? mask : cat([mask, zeros([...mask.shape.slice(0, -1), columns], { dtype: mask.dtype })], { dim: -1 });
}

// ---------------------------------------------------------------------------------------------------------------------

function scoreMask(caller: string, mask: Tensor, { batch, heads, rows, columns, dtype }: AttentionSizes): Tensor {
  checkTensor(caller, 'attnMask', mask);
  const [all, each]: readonly [Shape, Shape] = [
    [rows, columns],
    [batch * heads, rows, columns],
  ];
  if (!sameShape(mask.shape, all) && !sameShape(mask.shape, each)) {
    throw new ShapeError(`${caller}: attnMask must be ${formatShape(all)} or ${formatShape(each)}; got ${formatShape(mask.shape)}`);
  }
  const added = additive(caller, 'attnMask', mask, dtype);
  return added.ndim === 2 ? added : added.reshape([batch, heads, rows, columns]);
}

function paddingMask(caller: string, mask: Tensor, { batch, columns, dtype }: AttentionSizes): Tensor {
  checkTensor(caller, 'keyPaddingMask', mask);
  if (!sameShape(mask.shape, [batch, columns])) {
    throw new ShapeError(`${caller}: keyPaddingMask must be [${batch}, ${columns}]; got ${formatShape(mask.shape)}`);
  }
  return additive(caller, 'keyPaddingMask', mask, dtype).reshape([batch, 1, 1, columns]);
}

function additive(caller: string, name: string, mask: Tensor, dtype: Tensor['dtype']): Tensor {
  if (mask.dtype === dtype) return mask;
  if (mask.dtype !== 'bool') throw new DTypeError(`${caller}: ${name} must be bool or ${dtype}, as query is; got ${mask.dtype}. Cast it`);
  return where(mask, full([], Number.NEGATIVE_INFINITY, { dtype }), zeros([], { dtype }));
}
