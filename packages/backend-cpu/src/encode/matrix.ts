import type { DType, Shape, TensorSpec } from '@dl/tensor';
import { bytesOf, internalError, type MatrixPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import { type Dim, mergedDims, sizesOf, stepsOf } from './dims.ts';
import type { EncoderTable, Encoding } from './encoding.ts';
import { partitionFewRows } from './fewRowsPartition.ts';
import { type MatrixPartition, type MatrixWork, partitionMatrix } from './matrixPartition.ts';

/** Products `a @ b` of matrices as a kernel sees them: `[rows, depth]` and `[depth, columns]`, or stored transposed. */
interface Product extends MatrixWork {
  readonly dtype: DType;
  /** Of the batch, with the steps through a and b. */
  readonly dims: readonly Dim[];
  /** Whether the operands come as b, a. */
  readonly swapped: boolean;
  /** 0, or one for each column, or 1 for all. */
  readonly biases: number;
}

export const matrixEncoders: EncoderTable<keyof MatrixPrimitives | 'linear'> = {
  matmul: ({ inputs: [a, b], outputs: [c], params: { transposeA, transposeB } }) => {
    const batch = c.shape.slice(0, -2);
    const dims = mergedDims(batch, [stepsThrough(a.shape, batch), stepsThrough(b.shape, batch)]);
    return productEncoding({
      rows: sizeFromEnd(c.shape, 2),
      columns: sizeFromEnd(c.shape, 1),
      depth: sizeFromEnd(a.shape, transposeA ? 2 : 1),
      batch: sizeOf(batch),
      transposeA,
      transposeB,
      dtype: c.dtype,
      dims,
      swapped: false,
      biases: 0,
    });
  },
  linear: ({ inputs: [x, weight], outputs: [output] }) => linearEncoding(x, weight, output),
};

function linearEncoding(x: TensorSpec, weight: TensorSpec, output: TensorSpec): Encoding {
  const [columns = 1, depth = 1] = weight.shape;
  return productEncoding({
    rows: sizeOf(x.shape.slice(0, -1)),
    columns,
    depth,
    batch: 1,
    transposeA: false,
    transposeB: true,
    dtype: output.dtype,
    dims: [{ size: 1, steps: [1, 1] }],
    swapped: false,
    biases: Math.max(1, columns),
  });
}

/** The kernel and its params, which kernels/matrixCall.h reads. The last one says that no chain follows. */
function productEncoding(given: Product): Encoding {
  const product = withOneRow(withBatchAsRows(given));
  const { rows, columns, depth, batch, dtype, dims } = product;
  const { rowBlocks, columnBlocks, splits, group } = partitionOf(product);
  const flags = [product.transposeA, product.transposeB, product.swapped].map(Number);
  const cut = [rowBlocks, columnBlocks, splits, batch, group];
  const lists = [...sizesOf(dims), ...stepsOf(dims, 0), ...stepsOf(dims, 1)];
  return {
    kernel: kernelOf(product),
    params: [rows, columns, depth, ...flags, product.biases, ...cut, dims.length, ...lists, 0],
    workspace: splits > 1 ? splits * batch * rows * columns * bytesOf[dtype] : 0,
  };
}

/** A batch that only the left factor has is so many more rows, if those lie one behind the other. */
function withBatchAsRows(product: Product): Product {
  const [dim, ...others] = product.dims;
  if (dim === undefined || others.length > 0 || product.batch < 2 || product.transposeA) return product;
  const [stepA, stepB] = dim.steps;
  if (stepA !== product.rows * product.depth || stepB !== 0) return product;
  return { ...product, rows: product.rows * product.batch, batch: 1, dims: [{ size: 1, steps: [1, 1] }] };
}

/** One column is computed as one row: `(a @ b)ᵀ = bᵀ @ aᵀ` has the same elements in the same order. */
function withOneRow(product: Product): Product {
  if (product.columns !== 1 || product.rows === 1) return product;
  return {
    ...product,
    rows: 1,
    columns: product.rows,
    transposeA: false,
    transposeB: !product.transposeA,
    dims: product.dims.map(({ size, steps }) => ({ size, steps: steps.toReversed() })),
    swapped: true,
  };
}

function partitionOf(product: Product): MatrixPartition {
  if (!isFloat(product.dtype)) return { rowBlocks: Math.min(64, Math.max(1, product.rows)), columnBlocks: 1, splits: 1, group: 1 };
  return hasFewRows(product) ? partitionFewRows(product) : partitionMatrix(product);
}

function kernelOf(product: Product): string {
  const name = hasFewRows(product) ? 'matmulFewRows' : 'matmul';
  switch (product.dtype) {
    case 'float32':
      return name;
    case 'float64':
      return `${name}Float64`;
    case 'int32':
      return 'matmulInt32';
    case 'uint8':
      return 'matmulUint8';
    default:
      throw internalError(`cpu: matmul of ${product.dtype}`);
  }
}

/** Whether a kernel that reads the right factor where it lies is faster than tiles: for one row, or a few dot products. */
function hasFewRows({ rows, transposeA, transposeB }: Product): boolean {
  return rows === 1 || (rows <= 4 && transposeB && !transposeA);
}

function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** Steps through an operand's matrices along the batch: 0 where it has one for all. */
function stepsThrough(shape: Shape, batch: Shape): readonly number[] {
  const strides = stridesOf(shape);
  const added = batch.length - (shape.length - 2);
  return batch.map((_, i) => (i < added || shape[i - added] === 1 ? 0 : (strides[i - added] ?? 0)));
}

function sizeFromEnd(shape: Shape, i: number): number {
  return shape[shape.length - i] ?? 1;
}
