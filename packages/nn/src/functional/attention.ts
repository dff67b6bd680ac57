import { cat, dropout, type Tensor, zeros } from '@dl/tensor';
import type { AttentionSizes } from './attentionMasks.ts';

/** Query `[B, heads, T, D]`, key and value `[B, heads, S, D]`. */
export interface Heads {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** What attention makes of heads: means of values, and the weights in them. */
interface WeighedHeads {
  /** `[B, heads, T, D]`. */
  readonly output: Tensor;
  /** `[B, heads, T, S]`. */
  readonly weights: Tensor;
}

/**
 * Some tensors `[B, T, E]` (or `[T, B, E]`), side by side in the last dim of one, each as heads `[B, heads, T, E / heads]`. They are moved
 * together, and each then lies in one piece.
 */
export function splitHeads(x: Tensor, count: number, heads: number, batchFirst: boolean): readonly Tensor[] {
  const [first, second, width] = [x.size(0), x.size(1), x.size(2) / (count * heads)];
  const parts = x.reshape([first, second, count, heads, width]).permute(batchFirst ? [2, 0, 3, 1, 4] : [2, 1, 3, 0, 4]);
  return parts.unbind();
}

/** Heads `[B, heads, T, D]` side by side: `[B, T, heads · D]`, or `[T, B, heads · D]`. */
export function mergeHeads(x: Tensor, batchFirst: boolean): Tensor {
  const [batch = 1, heads = 1, rows = 1, width = 1] = x.shape;
  const parts = x.permute(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]);
  return parts.reshape(batchFirst ? [batch, rows, heads * width] : [rows, batch, heads * width]);
}

/** Heads with one more key and value behind the others, learned `[1, 1, E]`, or zeros where there are none. */
export function withExtraKey({ query, key, value }: Heads, biasK: Tensor | null, biasV: Tensor | null): Heads {
  return { query, key: withRow(key, biasK), value: withRow(value, biasV) };
}

/** Attention that keeps its weights: the scores of all pairs are in memory. A query that sees no key gets NaN, as in PyTorch. */
export function weighHeads({ query, key, value }: Heads, mask: Tensor | null, dropoutP: number): WeighedHeads {
  const products = query.mul(Math.sqrt(1 / query.size(-1))).matmul(key.transpose(-2, -1));
  const weights = dropout((mask === null ? products : products.add(mask)).softmax(-1), { p: dropoutP, training: dropoutP > 0 });
  return { output: weights.matmul(value), weights };
}

/** What the scores of these heads measure. */
export function sizesOf({ query, key }: Heads): AttentionSizes {
  const [batch = 1, heads = 1, rows = 1] = query.shape;
  return { batch, heads, rows, columns: key.size(2), dtype: query.dtype };
}

// ---------------------------------------------------------------------------------------------------------------------

function withRow(x: Tensor, row: Tensor | null): Tensor {
  const [batch = 1, heads = 1, , width = 1] = x.shape;
  const added = row === null ? zeros([batch, heads, 1, width], { dtype: x.dtype }) : row.reshape([1, heads, 1, width]);
  return cat([x, added.expand([batch, heads, 1, width])], { dim: 2 });
}
