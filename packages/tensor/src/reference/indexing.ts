import type { TypedArray } from '../dtype.ts';
import { checkIndices } from '../primitives/checkIndices.ts';
import { indexRules } from '../primitives/properties.ts';
import type { IndexingPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';

export const indexingKernels: ReferenceTable<keyof IndexingPrimitives> = {
  gather: ([out], inputs, params) => {
    const [x, index] = inputs;
    checkIndices('gather', index.data, indexRules.gather(inputs, params));
    forEachTarget(x.shape, index, params.dim, (i, target) => {
      out.data[i] = x.data[target] as number;
    });
  },
  scatter: ([out], inputs, params) => {
    const [x, index, source] = inputs;
    checkIndices('scatter', index.data, indexRules.scatter(inputs, params));
    out.data.set(x.data);
    forEachTarget(x.shape, index, params.dim, (i, target) => {
      out.data[target] = source.data[i] as number;
    });
  },
  scatterAdd: ([out], inputs, params) => {
    const [x, index, source] = inputs;
    checkIndices('scatterAdd', index.data, indexRules.scatterAdd(inputs, params));
    out.data.set(x.data);
    forEachTarget(x.shape, index, params.dim, (i, target) => {
      out.data[target] = (out.data[target] as number) + (source.data[i] as number);
    });
  },
  indexSelect: ([out], inputs, params) => {
    const [x, index] = inputs;
    checkIndices('indexSelect', index.data, indexRules.indexSelect(inputs, params));
    forEachRow(x.shape, index.data, params.dim, (row, selected, width) => {
      for (let i = 0; i < width; i++) out.data[row + i] = x.data[selected + i] as number;
    });
  },
  indexAdd: ([out], inputs, params) => {
    const [x, index, source] = inputs;
    checkIndices('indexAdd', index.data, indexRules.indexAdd(inputs, params));
    out.data.set(x.data);
    forEachRow(x.shape, index.data, params.dim, (row, selected, width) => {
      for (let i = 0; i < width; i++) out.data[selected + i] = (out.data[selected + i] as number) + (source.data[row + i] as number);
    });
  },
  sort: ([values, indices], [x], { dim, descending }) => {
    const { outer, size, inner } = sizesAround(x.shape, dim);
    const line = new Float64Array(size);
    const order = new Int32Array(size);
    const compare = descending ? (a: number, b: number) => ascending(line, b, a) : (a: number, b: number) => ascending(line, a, b);
    for (let i = 0; i < outer * inner; i++) {
      const start = Math.floor(i / inner) * size * inner + (i % inner);
      for (let j = 0; j < size; j++) line[j] = x.data[start + j * inner] as number;
      for (let j = 0; j < size; j++) order[j] = j;
      order.sort(compare);
      for (let j = 0; j < size; j++) {
        indices.data[start + j * inner] = order[j] as number;
        values.data[start + j * inner] = line[order[j] as number] as number;
      }
    }
  },
};

/** A tensor as `[outer, size, inner]` around one of its dims. */
function sizesAround(shape: Shape, dim: number): { outer: number; size: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, dim)), size: shape[dim] ?? 1, inner: sizeOf(shape.slice(dim + 1)) };
}

/** Calls back with each position of `index` and the element of `shape` that it points to: its own place, with the index in place of `dim`. */
function forEachTarget(shape: Shape, index: Operand, dim: number, visit: (position: number, target: number) => void): void {
  const strides = stridesOf(shape);
  const along = strides[dim] ?? 1;
  const counts = index.shape;
  const steps = strides.map((stride, d) => (d === dim ? 0 : stride));
  let position = 0;
  const walk = (depth: number, base: number): void => {
    if (depth === counts.length) {
      visit(position, base + along * (index.data[position] as number));
      position++;
      return;
    }
    const count = counts[depth] as number;
    const step = steps[depth] as number;
    for (let i = 0; i < count; i++) walk(depth + 1, base + i * step);
  };
  walk(0, 0);
}

/** Calls back with the start of each row of the selection, the start of the row it names in `shape`, and the width of both. */
function forEachRow(shape: Shape, index: TypedArray, dim: number, visit: (row: number, selected: number, width: number) => void): void {
  const { outer, size, inner } = sizesAround(shape, dim);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < index.length; j++) visit((i * index.length + j) * inner, (i * size + (index[j] as number)) * inner, inner);
  }
}

/** Compares two elements; `NaN` is the greatest. */
function ascending(line: Float64Array, a: number, b: number): number {
  const x = line[a] as number;
  const y = line[b] as number;
  if (x < y) return -1;
  if (x > y) return 1;
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}
