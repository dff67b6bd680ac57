import { fillUniform } from '../philox.ts';
import type { AttentionPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable, ScalarsOf } from '../primitives/tables.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';

/** The whole matrix of weights of one head at a time. */
export const attentionKernels: ReferenceTable<keyof AttentionPrimitives> = {
  attention: ([output, logSumExp], [query, key, value, mask], params, scalars) => {
    const sizes = sizesOf(query, key, value);
    const scores = scoresOf(sizes, query, key, mask, params.causal, scalars[0]);
    const kept = keptOf(sizes, output, params.dropout, scalars);
    const { rows, columns, valueWidth } = sizes;
    for (let row = 0; row < sizes.heads * rows; row++) {
      const line = scores.subarray(row * columns, (row + 1) * columns);
      const total = exponentials(line);
      logSumExp.data[row] = total;
      for (let k = 0; k < valueWidth; k++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) {
          const element = (headOf(row, rows) * columns + j) * valueWidth + k;
          sum += (line[j] as number) * kept(row * columns + j) * (value.data[element] as number);
        }
        output.data[row * valueWidth + k] = sum;
      }
    }
  },
  attentionGradient: ([toQuery, toKey, toValue], [gradient, query, key, value, output, logSumExp, mask], params, scalars) => {
    const sizes = sizesOf(query, key, value);
    const { rows, columns, width, valueWidth } = sizes;
    const scale = scalars[0];
    const scores = scoresOf(sizes, query, key, mask, params.causal, scale);
    const kept = keptOf(sizes, gradient, params.dropout, scalars);
    const sums = [toQuery, toKey, toValue].map(({ data }) => new Float64Array(data.length)) as [Float64Array, Float64Array, Float64Array];
    for (let row = 0; row < sizes.heads * rows; row++) {
      const along = dot(gradient, row, output, row, valueWidth);
      const total = logSumExp.data[row] as number;
      for (let j = 0; j < columns; j++) {
        const column = headOf(row, rows) * columns + j;
        const weight = total === Number.NEGATIVE_INFINITY ? 0 : Math.exp((scores[row * columns + j] as number) - total);
        const factor = kept(row * columns + j);
        const slope = weight * (factor * dot(gradient, row, value, column, valueWidth) - along) * scale;
        addScaled(sums[0], row, key, column, slope, width);
        addScaled(sums[1], column, query, row, slope, width);
        addScaled(sums[2], column, gradient, row, weight * factor, valueWidth);
      }
    }
    toQuery.data.set(sums[0]);
    toKey.data.set(sums[1]);
    toValue.data.set(sums[2]);
  },
};

interface Sizes {
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly weights: Shape;
}
type AttentionScalars = ScalarsOf<'attention', number>;

function sizesOf(query: Operand, key: Operand, value: Operand): Sizes {
  const leading = query.shape.slice(0, -2);
  const [rows = 1, width = 1] = query.shape.slice(-2);
  const columns = key.shape.at(-2) ?? 1;
  return { heads: sizeOf(leading), rows, columns, width, valueWidth: value.shape.at(-1) ?? 1, weights: [...leading, rows, columns] };
}

function headOf(row: number, rows: number): number {
  return Math.floor(row / rows);
}

/** `scale · query @ keyᵀ + mask`, minus infinity where a query must not see the future. */
function scoresOf(sizes: Sizes, query: Operand, key: Operand, mask: Operand | undefined, causal: boolean, scale: number): Float64Array {
  const { heads, rows, columns, width, weights } = sizes;
  const scores = new Float64Array(heads * rows * columns);
  const maskPlaces = mask === undefined ? null : broadcastPlaces(mask.shape, weights);
  for (let place = 0; place < scores.length; place++) {
    const row = Math.floor(place / columns);
    const j = place % columns;
    const score = scale * dot(query, row, key, headOf(row, rows) * columns + j, width);
    const added = maskPlaces === null ? 0 : (mask?.data[maskPlaces(place)] as number);
    scores[place] = causal && j > row % rows ? Number.NEGATIVE_INFINITY : score + added;
  }
  return scores;
}

/** Turns scores into weights that add up to 1, zeros if all are minus infinity; returns their `logsumexp`. */
function exponentials(line: Float64Array): number {
  const most = line.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (most === Number.NEGATIVE_INFINITY) {
    line.fill(0);
    return most;
  }
  let sum = 0;
  for (let j = 0; j < line.length; j++) {
    line[j] = Math.exp((line[j] as number) - most);
    sum += line[j] as number;
  }
  for (let j = 0; j < line.length; j++) line[j] = (line[j] as number) / sum;
  return most + Math.log(sum);
}

/** What each weight is multiplied with: 1, or with dropout 0 or `1 / (1 - p)`. */
function keptOf({ weights }: Sizes, { data }: Operand, dropout: boolean, [, p, ...random]: AttentionScalars): (place: number) => number {
  if (!dropout) return () => 1;
  const isDouble = data instanceof Float64Array;
  const uniform = isDouble ? new Float64Array(sizeOf(weights)) : new Float32Array(sizeOf(weights));
  const limit = isDouble ? p : Math.fround(p);
  fillUniform(uniform, random);
  return (place) => ((uniform[place] as number) >= limit ? 1 / (1 - limit) : 0);
}

/** Where an element of `to` lies in a tensor that broadcasts to it. */
function broadcastPlaces(from: Shape, to: Shape): (place: number) => number {
  const added = to.length - from.length;
  const strides = stridesOf(from).map((stride, dim) => (from[dim] === 1 ? 0 : stride));
  const steps = stridesOf(to).slice(added);
  return (place) =>
    strides.reduce((sum, stride, dim) => sum + stride * (Math.floor(place / (steps[dim] ?? 1)) % (to[dim + added] ?? 1)), 0);
}

function dot(a: Operand, rowA: number, b: Operand, rowB: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (a.data[rowA * width + k] as number) * (b.data[rowB * width + k] as number);
  return sum;
}

/** `sums[row] += factor · x[from]`. */
function addScaled(sums: Float64Array, row: number, x: Operand, from: number, factor: number, width: number): void {
  for (let k = 0; k < width; k++) {
    const place = row * width + k;
    sums[place] = (sums[place] as number) + factor * (x.data[from * width + k] as number);
  }
}
