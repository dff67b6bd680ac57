import type { DType, Shape, TensorSpec } from '@dl/tensor';
import { type ReductionPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import type { EncoderTable, Encoding } from './encoding.ts';

/** Reductions whose input may be a chain instead: `reductionEncoding` takes its params. */
export type FoldName = 'sum' | 'prod' | 'amax' | 'amin';

/** A chain in the place of a reduction's input: how many inputs it has, and its params. */
export interface ReducedChain {
  readonly inputs: number;
  readonly params: readonly number[];
}

/** The numbers by which kernels/fold.h knows operations and dtypes; a bool is a byte. */
const operations: Readonly<Record<FoldName, number>> = { sum: 0, prod: 1, amax: 2, amin: 3 };
const dtypeNumbers: Readonly<Record<DType, number>> = { float32: 0, float64: 1, int32: 2, uint8: 3, bool: 3 };

/** Elements of a piece. */
const pieceElements = 32768;
/** Outputs that a piece folds at a time, and columns where there are many rows. */
const mostTotals = 2048;
const tileColumns = 512;
/** So few rows are not worth sums of their own beside which they must be added up again. */
const leastSplitRows = 256;
/** Elements of a part of a long line of cumsum. */
const scannedPart = 16384;

export const reductionEncoders: EncoderTable<keyof ReductionPrimitives> = {
  sum: ({ inputs: [x], params }) => reductionEncoding('sum', x, params.dims),
  prod: ({ inputs: [x], params }) => reductionEncoding('prod', x, params.dims),
  amax: ({ inputs: [x], params }) => reductionEncoding('amax', x, params.dims),
  amin: ({ inputs: [x], params }) => reductionEncoding('amin', x, params.dims),
  argmax: ({ inputs: [x], params }) => alongDim('argmax', x, params.dim),
  argmin: ({ inputs: [x], params }) => alongDim('argmin', x, params.dim),
  cumsum: ({ inputs: [x], params }) => alongDim('cumsum', x, params.dim),
};

/** A reduction of a tensor, or of what a chain gives in its place: then the operands are the chain's inputs and the output. */
export function reductionEncoding(
  name: FoldName,
  x: TensorSpec,
  dims: readonly number[],
  chain: ReducedChain = { inputs: 1, params: [] },
): Encoding {
  const { kept, outer, count, stride, width } = layoutOf(x.shape, dims);
  const keptCount = sizeOf(kept.map(({ size }) => size));
  const outerCount = sizeOf(outer.map(({ size }) => size));
  const { group, tile, splits, splitRows } = cutsOf(keptCount, width, outerCount * count);
  const lists = [kept, outer].flatMap((list) => [...list.map(({ size }) => size), ...list.map((dim) => dim.stride)]);
  const head = [operations[name], dtypeNumbers[x.dtype], kept.length, outer.length, keptCount, width, outerCount, count, stride];
  const own = [...head, group, tile, splits, splitRows, chain.inputs];
  const chainAt = chain.params.length > 0 ? own.length + 1 + lists.length : 0;
  return {
    kernel: name,
    params: [...own, chainAt, ...lists, ...chain.params],
    workspace: splits > 1 ? 8 * splits * keptCount * width : 0,
  };
}

interface Dim {
  readonly size: number;
  readonly stride: number;
}

/** How kernels/reduction.c sees a reduction. */
interface Layout {
  readonly kept: readonly Dim[];
  readonly outer: readonly Dim[];
  readonly count: number;
  readonly stride: number;
  readonly width: number;
}

function layoutOf(shape: Shape, dims: readonly number[]): Layout {
  if (sizeOf(shape) === 0) {
    const outputs = sizeOf(shape.filter((_, dim) => !dims.includes(dim)));
    return { kept: [{ size: outputs, stride: 0 }], outer: [], count: 0, stride: 1, width: 1 };
  }
  const merged = mergedDims(shape, dims);
  const last = merged.at(-1);
  const isColumns = last !== undefined && !last.reduced;
  const kept = merged.filter(({ reduced }) => !reduced);
  const reduced = merged.filter((dim) => dim.reduced);
  const { size: count, stride } = reduced.at(-1) ?? { size: 1, stride: 1 };
  const width = isColumns ? last.size : 1;
  return { kept: isColumns ? kept.slice(0, -1) : kept, outer: reduced.slice(0, -1), count, stride, width };
}

/** The dims without those of size 1, neighbours as one where both are reduced or both are kept. */
function mergedDims(shape: Shape, dims: readonly number[]): readonly (Dim & { readonly reduced: boolean })[] {
  const strides = stridesOf(shape);
  const merged: (Dim & { readonly reduced: boolean })[] = [];
  for (const [i, size] of shape.entries()) {
    const reduced = dims.includes(i);
    const before = merged.at(-1);
    if (size === 1) continue;
    if (before?.reduced === reduced) merged.pop();
    merged.push({ size: before?.reduced === reduced ? before.size * size : size, stride: strides[i] ?? 1, reduced });
  }
  return merged;
}

/** How the work is cut into pieces: `groups × tiles × splits`. */
function cutsOf(keptCount: number, width: number, rows: number) {
  const tile = Math.min(width, mostTotals, Math.max(tileColumns, Math.floor(pieceElements / Math.max(1, rows))));
  const least = width === 1 ? 1 : leastSplitRows;
  const most = Math.max(least, Math.ceil(pieceElements / tile));
  const splits = Math.max(1, Math.ceil(rows / most));
  const fitting = Math.floor(Math.min(mostTotals, pieceElements / Math.max(1, rows)) / tile);
  const group = splits === 1 && tile === width ? Math.max(1, Math.min(fitting, keptCount)) : 1;
  return { group, tile, splits, splitRows: Math.ceil(rows / splits) };
}

/** Lines along one dim: `[outer, count, inner]`. */
function alongDim(kernel: 'argmax' | 'argmin' | 'cumsum', { shape, dtype }: TensorSpec, dim: number): Encoding {
  const outer = sizeOf(shape.slice(0, dim));
  const count = shape[dim] ?? 1;
  const inner = sizeOf(shape.slice(dim + 1));
  const workspace = kernel === 'cumsum' && inner === 1 && count > pieceElements ? 8 * outer * Math.ceil(count / scannedPart) : 0;
  return { kernel, params: [dtypeNumbers[dtype], outer, count, inner], workspace };
}
