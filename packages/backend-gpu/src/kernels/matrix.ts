import type { Shape } from '@dl/tensor';
import { type MatrixPrimitives, type ParamsOf, sizeOf, stridesOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, output, type Place } from './table.ts';
import { broadcastStrides, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

export const matrixKernels: KernelTable<keyof MatrixPrimitives> = {
  matmul: ({ inputs: [a, b], outputs: [target], params }) => [matmulLaunch(a, b, target.shape, params, null)],
};

interface Shaped {
  readonly shape: Shape;
}

/** `a @ b` into `target`, its last two dims rows and columns; a bias is added to each row. */
export function matmulLaunch(
  a: Shaped,
  b: Shaped,
  target: Shape,
  { transposeA, transposeB }: ParamsOf<'matmul'>,
  bias: Place | null,
): KernelLaunch {
  const batch = target.slice(0, -2);
  const [rows = 1, columns = 1] = target.slice(-2);
  const walk = walkOf(batch, [batchStrides(a.shape, batch), batchStrides(b.shape, batch)]);
  const depth = a.shape.at(transposeA ? -2 : -1) ?? 1;
  const [rowA, depthA] = steps(a.shape, transposeA);
  const [depthB, columnB] = steps(b.shape, transposeB);
  return {
    program: matmulProgram(walk.sizes.length, bias !== null),
    size: sizeOf(target),
    arrays: [input(0), input(1), ...(bias === null ? [] : [bias])],
    numbers: [...walkNumbers(walk), rows, columns, depth, rowA, depthA, depthB, columnB],
    target: output(0),
  };
}

/** Strides of the leading dims, 0 where they repeat. */
function batchStrides(shape: Shape, batch: Shape): number[] {
  const matrix = sizeOf(shape.slice(-2));
  return broadcastStrides(shape.slice(0, -2), batch).map((stride) => stride * matrix);
}

/** How far the next row and the next column are, as the flag sees the matrix. */
function steps(shape: Shape, transposed: boolean): readonly [number, number] {
  const [row = 1, column = 1] = stridesOf(shape).slice(-2);
  return transposed ? [column, row] : [row, column];
}

/** One thread a result; the sum goes four terms at a time, whose loads do not wait for each other. */
function matmulProgram(rank: number, hasBias: boolean): Program {
  const terms = [0, 1, 2, 3].map((k) => `left[p + depthA * ${k}] * right[q + depthB * ${k}]`);
  return {
    key: `matmul/${rank}/${hasBias}`,
    arrays: ['left', 'right', ...(hasBias ? ['bias'] : [])],
    integers: [...walkNames('at', rank, ['A', 'B']), 'rows', 'columns', 'depth', 'rowA', 'depthA', 'depthB', 'columnB'],
    floats: [],
    body: `const element = this.thread.x;
      const line = idiv(element, columns);
      const column = element - line * columns;
      const batch = idiv(line, rows);
      const row = line - batch * rows;
      ${walkCode('at', rank, ['A', 'B'], 'batch')}
      const fromA = atAAt + row * rowA;
      const fromB = atBAt + column * columnB;
      const quads = idiv(depth, 4);
      let total = 0.0;
      for (let i = 0; i < quads; i++) {
        const p = fromA + i * 4 * depthA;
        const q = fromB + i * 4 * depthB;
        total = total + (${terms.join(' + ')});
      }
      for (let j = 0; j < 3; j++) {
        const k = quads * 4 + j;
        if (k < depth) { total = total + left[fromA + k * depthA] * right[fromB + k * depthB]; }
      }
      return total${hasBias ? ' + bias[column]' : ''};`,
  };
}
