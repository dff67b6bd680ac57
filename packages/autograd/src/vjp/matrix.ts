import type { Tensor } from '@dl/tensor';
import { apply, type MatrixPrimitives } from '@dl/tensor/internal';
import { unbroadcast } from './algebra.ts';
import type { VjpTable } from './table.ts';

/** With A and B as multiplied, Y = A B: dA = G Bᵀ and dB = Aᵀ G; an operand that is stored transposed gets the transpose of that. */
export const matrixVjps: VjpTable<keyof MatrixPrimitives> = {
  matmul: (g, { inputs: [a, b], params: { transposeA, transposeB } }) => [
    () => unbroadcast(transposeA ? product(b, transposeB, g, true) : product(g, false, b, !transposeB), a.shape),
    () => unbroadcast(transposeB ? product(g, true, a, transposeA) : product(a, !transposeA, g, false), b.shape),
  ],
};

function product(a: Tensor, transposeA: boolean, b: Tensor, transposeB: boolean): Tensor {
  return apply('matmul', [a, b], { transposeA, transposeB }, []);
}
