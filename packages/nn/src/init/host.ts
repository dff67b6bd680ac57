import type { Generator } from '@dl/tensor';

// What cannot be written as a recipe is drawn on the host.

/** Standard normal numbers within bounds: others are drawn again. */
export function truncatedNormals(generator: Generator, length: number, low: number, high: number): Float64Array<ArrayBuffer> {
  // Where a wide part of the bell lies within the bounds, most draws of the bell do; else draws between the bounds are thinned out.
  const draw = low <= 0 && high >= 0 && high - low >= 1 ? fromBell(generator, low, high) : fromBox(generator, low, high);
  return new Float64Array(length).map(draw);
}

/** A `rows` × `columns` matrix (`rows` ≤ `columns`) with orthonormal rows, uniform among all of them: Gram and Schmidt on normal numbers. */
export function orthonormalRows(generator: Generator, rows: number, columns: number): Float64Array<ArrayBuffer> {
  const matrix = normals(generator, rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = matrix.subarray(i * columns, (i + 1) * columns);
    // Twice is enough: what rounding left of the others goes with the second pass.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(row, matrix.subarray(j * columns, (j + 1) * columns));
    }
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < columns; k++) row[k] = (row[k] as number) / length;
  }
  return matrix;
}

/** Ones, with so many zeros in each column, at places drawn at random. */
export function randomZeros(generator: Generator, rows: number, columns: number, zeros: number): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(rows * columns).fill(1);
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < zeros; i++) {
      const other = i + Math.floor(generator.uniform() * (rows - i));
      const row = order[other] ?? 0;
      order[other] = order[i] ?? 0;
      order[i] = row;
      matrix[row * columns + column] = 0;
    }
  }
  return matrix;
}

/** The next two normal numbers (Box and Muller 1958). */
function normalPair(generator: Generator): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - generator.uniform()));
  const angle = 2 * Math.PI * generator.uniform();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Normal numbers. */
function normals(generator: Generator, length: number): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i += 2) numbers.set(normalPair(generator).slice(0, length - i), i);
  return numbers;
}

function fromBell(generator: Generator, low: number, high: number): () => number {
  return () => {
    for (;;) {
      const inside = normalPair(generator).find((z) => z >= low && z <= high);
      if (inside !== undefined) return inside;
    }
  };
}

function fromBox(generator: Generator, low: number, high: number): () => number {
  const mode = Math.max(low, Math.min(0, high));
  // Beyond ten deviations there is nothing to draw.
  const [from, to] = [Math.max(low, mode - 10), Math.min(high, mode + 10)];
  return () => {
    for (;;) {
      const z = from + (to - from) * generator.uniform();
      if (generator.uniform() < Math.exp((mode * mode - z * z) / 2)) return z;
    }
  };
}

function subtractProjection(row: Float64Array, unit: Float64Array): void {
  const length = dot(row, unit);
  for (let k = 0; k < row.length; k++) row[k] = (row[k] as number) - length * (unit[k] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
