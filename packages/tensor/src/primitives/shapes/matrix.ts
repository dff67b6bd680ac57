import { broadcastShapes } from '../../shape.ts';
import type { MatrixPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const matrixShapes: ShapeTable<keyof MatrixPrimitives> = {
  matmul: ([a, b], { transposeA, transposeB }) => {
    const rows = a.shape.at(transposeA ? -1 : -2) ?? 1;
    const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
    const batch = a.shape.length === 2 && b.shape.length === 2 ? [] : broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    return { shape: [...batch, rows, columns], dtype: a.dtype };
  },
};
