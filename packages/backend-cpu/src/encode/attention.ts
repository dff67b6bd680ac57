import type { Shape, TensorSpec } from '@dl/tensor';
import { type AttentionPrimitives, bytesOf, sizeOf } from '@dl/tensor/internal';
import type { EncoderTable } from './encoding.ts';

export const attentionEncoders: EncoderTable<keyof AttentionPrimitives> = {
  attention: ({ inputs: [query, key, value, mask], params }) => ({
    kernel: 'attention',
    params: paramsOf({ query, key, value, mask }, params, 1),
  }),
  attentionGradient: ({ inputs: [, query, key, value, , , mask], params }) => {
    const chunks = chunksOf(query, key);
    return {
      kernel: 'attentionGradient',
      params: paramsOf({ query, key, value, mask }, params, chunks),
      workspace: chunks === 1 ? 0 : chunks * sizeOf(query.shape) * bytesOf[query.dtype],
    };
  },
};

interface Operands {
  readonly query: TensorSpec;
  readonly key: TensorSpec;
  readonly value: TensorSpec;
  readonly mask: TensorSpec | undefined;
}

/** As AttentionParams of kernels/attention.h has them. */
function paramsOf(
  { query, key, value, mask }: Operands,
  { causal, dropout }: { readonly causal: boolean; readonly dropout: boolean },
  chunks: number,
): readonly number[] {
  const leading = query.shape.slice(0, -2);
  const [rows = 0, width = 0] = query.shape.slice(-2);
  const [columns = 0, valueWidth = 0] = value.shape.slice(-2);
  const strides = stridesIn(mask?.shape ?? [], [...leading, rows, columns]);
  const flags = [Number(causal), Number(dropout), Number(mask !== undefined)];
  return [
    ...[Number(query.dtype === 'float64'), sizeOf(leading), rows, key.shape.at(-2) ?? columns, width, valueWidth],
    ...[...flags, chunks, ...strides.slice(-2), leading.length, ...leading, ...strides.slice(0, -2)],
  ];
}

/** So many pieces of work are enough for all threads. */
const enoughPieces = 16;
/** Fewer keys than this are not worth a piece. */
const leastKeys = 128;

/** Heads are pieces of work; where they are few, so are parts of their keys. */
function chunksOf(query: TensorSpec, key: TensorSpec): number {
  const heads = Math.max(1, sizeOf(query.shape.slice(0, -2)));
  const wanted = Math.ceil(enoughPieces / heads);
  return Math.max(1, Math.min(wanted, Math.floor((key.shape.at(-2) ?? 0) / leastKeys)));
}

/** The strides with which a shape is read when it broadcasts to another: 0 where it repeats. */
function stridesIn(from: Shape, to: Shape): readonly number[] {
  const added = to.length - from.length;
  return to.map((_, dim) => (dim < added || from[dim - added] === 1 ? 0 : sizeOf(from.slice(dim - added + 1))));
}
