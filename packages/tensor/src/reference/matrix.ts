import type { MatrixPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';
import { type GemmSizes, gemm, integerGemm, type Matrix } from './gemm.ts';

export const matrixKernels: ReferenceTable<keyof MatrixPrimitives> = {
  matmul: ([out], [a, b], { transposeA, transposeB }) => {
    const rows = sizeFromEnd(out.shape, 2);
    const columns = sizeFromEnd(out.shape, 1);
    const inner = sizeFromEnd(a.shape, transposeA ? 2 : 1);
    const sizes = { rows, inner, columns };
    const batch = out.shape.slice(0, -2);
    const startsA = batchStarts(a.shape, batch);
    const startsB = batchStarts(b.shape, batch);
    for (let i = 0; i < sizeOf(batch); i++) {
      const left = matrixAt(a, startsA[i] ?? 0, transposeA);
      const right = matrixAt(b, startsB[i] ?? 0, transposeB);
      multiply(out, i * rows * columns, left, right, sizes);
    }
  },
};

function multiply(out: Operand, start: number, a: Matrix, b: Matrix, sizes: GemmSizes): void {
  const isFloat = out.data instanceof Float32Array || out.data instanceof Float64Array;
  if (isFloat) gemm(out.data, start, a, b, sizes, null);
  else integerGemm(out.data, start, a, b, sizes);
}

function matrixAt({ data, shape }: Operand, start: number, transposed: boolean): Matrix {
  const width = sizeFromEnd(shape, 1);
  return { data, start, rowStride: transposed ? 1 : width, columnStride: transposed ? width : 1 };
}

/** Where each matrix of the broadcast batch begins in an operand. */
function batchStarts(shape: Shape, batch: Shape): number[] {
  const strides = stridesOf(shape);
  const leading = shape.length - 2;
  let starts = [0];
  for (let i = 0; i < batch.length; i++) {
    const dim = i - (batch.length - leading);
    const stride = dim < 0 || shape[dim] === 1 ? 0 : (strides[dim] ?? 0);
    starts = starts.flatMap((start) => Array.from({ length: batch[i] ?? 1 }, (_, j) => start + j * stride));
  }
  return starts;
}

function sizeFromEnd(shape: Shape, i: number): number {
  return shape[shape.length - i] ?? 1;
}
