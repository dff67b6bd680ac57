import type { MatrixPartition, MatrixWork } from './matrixPartition.ts';

/** Elements of the matrix in a piece, and the most pieces. */
const pieceElements = 16384;
const mostPieces = 64;
/** Less of a row at a time makes memory slow. */
const leastRow = 256;
const columnUnit = 16;

/** How products of few rows and a matrix are cut: they go as fast as the matrix is read. */
export function partitionFewRows({ columns, depth, batch, transposeB }: MatrixWork): MatrixPartition {
  const elements = columns * depth;
  if (elements < pieceElements)
    return {
      rowBlocks: 1,
      columnBlocks: 1,
      splits: 1,
      group: Math.max(1, Math.min(batch, Math.floor(pieceElements / Math.max(1, elements)))),
    };
  const wanted = Math.min(mostPieces, Math.floor(elements / pieceElements));
  const columnBlocks = Math.max(1, Math.min(wanted, Math.floor(columns / (transposeB ? columnUnit : leastRow))));
  const splits = Math.max(1, Math.min(Math.floor(wanted / columnBlocks), Math.floor(depth / leastRow)));
  return { rowBlocks: 1, columnBlocks, splits, group: 1 };
}
