import type { Operand } from '../primitives/tables.ts';
import { type Shape, stridesOf } from '../shape.ts';

/** One contiguous stretch of an output: where it begins, where each input's does, and whether that input moves (step 1) or repeats (0). */
export type VisitRow = (start: number, length: number, starts: readonly number[], steps: readonly number[]) => void;

/** Cuts a broadcast operation into rows along which every input is contiguous or constant; a single one where it can. */
export function forEachRow(out: Operand, inputs: readonly Operand[], visit: VisitRow): void {
  const { length } = out.data;
  if (length === 0) return;
  if (inputs.every(({ data }) => data.length === length || data.length === 1)) {
    const steps = inputs.map(({ data }) => (data.length === length ? 1 : 0));
    visit(0, length, new Array<number>(inputs.length).fill(0), steps);
    return;
  }
  walk(broadcastDims(out.shape, inputs), visit);
}

/** A dim that the inputs step through, each with its own stride. */
interface Dim {
  size: number;
  readonly strides: readonly number[];
}

/** The output's dims, outermost first, without those of size 1, neighbours as one where all inputs step through them evenly. */
function broadcastDims(shape: Shape, inputs: readonly Operand[]): Dim[] {
  const strides = inputs.map((input) => broadcastStrides(input.shape, shape));
  const dims: Dim[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const dim: Dim = { size: shape[d] ?? 1, strides: strides.map((list) => list[d] ?? 0) };
    if (dim.size === 1) continue;
    const [inner] = dims;
    if (inner !== undefined && dim.strides.every((stride, i) => stride === (inner.strides[i] ?? 0) * inner.size)) inner.size *= dim.size;
    else dims.unshift(dim);
  }
  return dims;
}

/** Strides that repeat the elements of `from` over `to`: 0 where the size is 1 or absent. */
function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (i < added || from[i - added] === 1 ? 0 : (strides[i - added] ?? 0)));
}

function walk(dims: readonly Dim[], visit: VisitRow): void {
  const outer = dims.slice(0, -1);
  const row = dims.at(-1) ?? { size: 1, strides: [] };
  const starts = row.strides.map(() => 0);
  const counters = outer.map(() => 0);
  const rows = outer.reduce((product, dim) => product * dim.size, 1);
  for (let i = 0; i < rows; i++) {
    visit(i * row.size, row.size, starts, row.strides);
    advance(outer, counters, starts);
  }
}

/** Steps to the next row, like an odometer. */
function advance(dims: readonly Dim[], counters: number[], starts: number[]): void {
  for (let d = dims.length - 1; d >= 0; d--) {
    const { size, strides } = dims[d] as Dim;
    const count = (counters[d] as number) + 1;
    const isFull = count === size;
    counters[d] = isFull ? 0 : count;
    const steps = isFull ? 1 - size : 1;
    for (let k = 0; k < starts.length; k++) starts[k] = (starts[k] as number) + steps * (strides[k] as number);
    if (!isFull) return;
  }
}
