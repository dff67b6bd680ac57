import type { DType, Shape, TensorSpec } from '@dl/tensor';
import { bytesOf, type IndexingPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import { mergedDims, sizesOf, stepsOf } from './dims.ts';
import type { Encoder, EncoderTable, Encoding } from './encoding.ts';

export const indexingEncoders: EncoderTable<keyof IndexingPrimitives> = {
  gather: ({ inputs: [x, index], params: { dim } }) => gatherEncoding(x, index, dim),
  scatter: (application) => scatterEncoding(application, moveKinds),
  scatterAdd: (application) => scatterEncoding(application, addKinds),
  indexSelect: ({ inputs: [x, index], params: { dim } }) => {
    const { outer, size, inner } = sizesAround(x.shape, dim);
    if (outer === 1 && inner === 1) return gatherEncoding({ ...x, shape: [size] }, index, 0);
    return { kernel: 'indexSelect', params: [bytesOf[x.dtype], outer, sizeOf(index.shape), inner, size] };
  },
  indexAdd: ({ inputs: [x, index], params: { dim } }) => indexAddEncoding(x, sizeOf(index.shape), sizesAround(x.shape, dim)),
  sort: ({ inputs: [x], params: { dim, descending } }) => {
    const { outer, size, inner } = sizesAround(x.shape, dim);
    const lines = outer * inner;
    const isShared = size >= sharedLineSize && lines < sharedLines;
    const step = isShared ? 0 : linesOfPiece(lines, size);
    const bytes = alignedTo(64, alignedTo(8, size) * (x.dtype === 'float64' ? 20 : 16));
    return {
      kernel: 'sort',
      params: [sortKinds[x.dtype], lines, size, inner, Number(descending), step],
      workspace: isShared ? bytes + sharedSortBytes : bytes * Math.ceil(lines / step),
    };
  },
};

/** Elements of streaming work in a piece. */
const pieceElements = 32768;

/** Kinds of elements in kernels/indexing.h: moved by their size, or added by their type. */
const moveKinds: Readonly<Record<DType, number>> = { bool: 0, uint8: 0, int32: 1, float32: 1, float64: 2 };
const addKinds: Readonly<Record<DType, number>> = { float32: 3, float64: 4, int32: 5, uint8: 6, bool: 6 };
/** Kinds of elements in kernels/sort.c. */
const sortKinds: Readonly<Record<DType, number>> = { float32: 0, float64: 1, int32: 2, uint8: 3, bool: 3 };

/** Lines from this size on, if there are but few, are each sorted by all threads together, … */
const sharedLineSize = 65536;
const sharedLines = 16;
/** … which count 2048 digits in up to 32 chunks of it. */
const sharedSortBytes = 2048 * 32 * 4 + 64;

/** Enough lines for a piece, and no more pieces than 64, for each has memory of its own. */
function linesOfPiece(lines: number, size: number): number {
  return Math.max(1, Math.ceil(lines / 64), Math.floor(pieceElements / 16 / Math.max(1, size)));
}

function gatherEncoding(x: TensorSpec, index: TensorSpec, dim: number): Encoding {
  const strides = stridesOf(x.shape);
  const steps = strides.map((stride, i) => (i === dim ? 0 : stride));
  const dims = mergedDims(index.shape, [stridesOf(index.shape), steps]);
  const head = [bytesOf[x.dtype], strides[dim] ?? 1, x.shape[dim] ?? 1, sizeOf(index.shape), dims.length];
  return { kernel: 'gather', params: [...head, ...sizesOf(dims), ...stepsOf(dims, 1)] };
}

function scatterEncoding({ inputs, params: { dim } }: Parameters<Encoder<'scatter'>>[0], kinds: Readonly<Record<DType, number>>): Encoding {
  const [x, index] = inputs;
  const positions = stridesOf(index.shape);
  const targets = stridesOf(x.shape);
  const others = (list: readonly number[]) => list.filter((_, i) => i !== dim);
  const dims = mergedDims(others(index.shape), [others(positions), others(targets)]);
  const head = [kinds[x.dtype], sizeOf(x.shape), sizeOf(others(index.shape))];
  const column = [index.shape[dim] ?? 1, positions[dim] ?? 1, targets[dim] ?? 1, x.shape[dim] ?? 1];
  return { kernel: 'scatter', params: [...head, ...column, dims.length, ...sizesOf(dims), ...stepsOf(dims, 0), ...stepsOf(dims, 1)] };
}

interface Around {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** Blocks of columns where there are enough of them; else rows, sorted by where they go. */
function indexAddEncoding(x: TensorSpec, count: number, { outer, size, inner }: Around): Encoding {
  const head = [addKinds[x.dtype], outer, count, inner, size];
  const work = (size + count) * inner;
  const narrow = Math.min(Math.max(inner, 1), 64);
  if (work * outer <= pieceElements || inner < 8 || outer * Math.ceil(inner / narrow) >= 16) {
    const width = Math.min(Math.max(inner, 1), Math.max(narrow, Math.ceil(pieceElements / (size + count + 1))));
    return { kernel: 'indexAdd', params: [...head, width, Math.max(1, Math.floor(pieceElements / ((size + count + 1) * width)))] };
  }
  const width = Math.min(inner, pieceElements);
  return {
    kernel: 'indexAddRows',
    params: [...head, Math.max(1, Math.floor(pieceElements / 2 / width)), width],
    workspace: 4 * (size + 2 + count),
  };
}

/** A tensor as `[outer, size, inner]` around one of its dims. */
function sizesAround(shape: Shape, dim: number): Around {
  return { outer: sizeOf(shape.slice(0, dim)), size: shape[dim] ?? 1, inner: sizeOf(shape.slice(dim + 1)) };
}

function alignedTo(unit: number, count: number): number {
  return Math.ceil(count / unit) * unit;
}
