import type { TypedArray } from '../dtype.ts';

/** A matrix inside an array: element (row, column) at `start + row · rowStride + column · columnStride`. */
export interface Matrix {
  readonly data: TypedArray;
  readonly start: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

export interface GemmSizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/**
 * `out = a @ b (+ bias)`, out row-major from `outStart`. Every element is summed in double precision over ascending inner
 * index and rounded once, so it does not depend on how the matrix is cut. Of the shapes tried (2x2 to 6x2), 4x4 blocks of
 * accumulators run fastest in V8; panels are packed as doubles so that the inner loop neither converts nor strides.
 */
export function gemm(out: TypedArray, outStart: number, a: Matrix, b: Matrix, sizes: GemmSizes, bias: TypedArray | null): void {
  const { rows, inner, columns } = sizes;
  const width = Math.max(block, block * Math.floor(panelLimit / (block * Math.max(inner, 1))));
  for (let first = 0; first < columns; first += width) {
    const count = Math.min(width, columns - first);
    packColumns(b, first, count, inner);
    for (let row = 0; row < rows; row += block) {
      const height = Math.min(block, rows - row);
      packRows(a, row, height, inner);
      for (let column = 0; column < count; column += block) {
        multiplyPanels(panelA, panelB, column * inner, inner, tile);
        storeTile(out, outStart + row * columns + first + column, columns, height, Math.min(block, count - column), bias, first + column);
      }
    }
  }
}

/** `out = a @ b` of integers, modulo 2^32 as the hardware has it. */
export function integerGemm(out: TypedArray, outStart: number, a: Matrix, b: Matrix, { rows, inner, columns }: GemmSizes): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let i = a.start + row * a.rowStride;
      let j = b.start + column * b.columnStride;
      for (let k = 0; k < inner; k++) {
        sum = (sum + Math.imul(a.data[i] as number, b.data[j] as number)) | 0;
        i += a.columnStride;
        j += b.rowStride;
      }
      out[outStart + row * columns + column] = sum;
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------

/** Side of the square of accumulators. */
const block = 4;
/** Packed elements of `b` at a time: 8 MB. */
const panelLimit = 2 ** 20;

/** Panels hold `block` rows (of a) or columns (of b) interleaved: element k of lane r at `k · block + r`. They only grow. */
let panelA = new Float64Array(0);
let panelB = new Float64Array(0);
const tile = new Float64Array(block * block);

function packRows({ data, start, rowStride, columnStride }: Matrix, row: number, height: number, inner: number): void {
  if (panelA.length < block * inner) panelA = new Float64Array(block * inner);
  for (let lane = 0; lane < height; lane++) packLane(panelA, lane, data, start + (row + lane) * rowStride, columnStride, inner);
}

function packColumns({ data, start, rowStride, columnStride }: Matrix, first: number, count: number, inner: number): void {
  const length = Math.ceil(count / block) * block * inner;
  if (panelB.length < length) panelB = new Float64Array(length);
  for (let column = 0; column < count; column++) {
    const lane = column % block;
    packLane(panelB, (column - lane) * inner + lane, data, start + (first + column) * columnStride, rowStride, inner);
  }
}

function packLane(panel: Float64Array, panelStart: number, data: TypedArray, start: number, stride: number, length: number): void {
  let target = panelStart;
  let source = start;
  for (let k = 0; k < length; k++) {
    panel[target] = data[source] as number;
    target += block;
    source += stride;
  }
}

/** The 4x4 products of two panels, row by row into `sums`. Lanes beyond the matrix hold leftovers; nobody stores their sums. */
function multiplyPanels(a: Float64Array, b: Float64Array, bStart: number, inner: number, sums: Float64Array): void {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  let j = bStart;
  for (let i = 0; i < block * inner; i += block) {
    const a0 = a[i] as number;
    const a1 = a[i + 1] as number;
    const a2 = a[i + 2] as number;
    const a3 = a[i + 3] as number;
    const b0 = b[j] as number;
    c00 += a0 * b0;
    c10 += a1 * b0;
    c20 += a2 * b0;
    c30 += a3 * b0;
    const b1 = b[j + 1] as number;
    c01 += a0 * b1;
    c11 += a1 * b1;
    c21 += a2 * b1;
    c31 += a3 * b1;
    const b2 = b[j + 2] as number;
    c02 += a0 * b2;
    c12 += a1 * b2;
    c22 += a2 * b2;
    c32 += a3 * b2;
    const b3 = b[j + 3] as number;
    c03 += a0 * b3;
    c13 += a1 * b3;
    c23 += a2 * b3;
    c33 += a3 * b3;
    j += block;
  }
  setRow(sums, 0, c00, c01, c02, c03);
  setRow(sums, 4, c10, c11, c12, c13);
  setRow(sums, 8, c20, c21, c22, c23);
  setRow(sums, 12, c30, c31, c32, c33);
}

function setRow(sums: Float64Array, start: number, c0: number, c1: number, c2: number, c3: number): void {
  sums[start] = c0;
  sums[start + 1] = c1;
  sums[start + 2] = c2;
  sums[start + 3] = c3;
}

function storeTile(
  out: TypedArray,
  start: number,
  stride: number,
  height: number,
  width: number,
  bias: TypedArray | null,
  biasStart: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const sum = tile[row * block + column] as number;
      out[start + row * stride + column] = bias === null ? sum : sum + (bias[biasStart + column] as number);
    }
  }
}
