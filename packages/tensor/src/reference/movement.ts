import type { MovementPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { type Shape, stridesOf } from '../shape.ts';
import { copyStrided, type Strided } from './strided.ts';

export const movementKernels: ReferenceTable<keyof MovementPrimitives> = {
  reshape: ([out], [x]) => out.data.set(x.data),
  permute: ([out], [x], { dims }) => {
    const strides = stridesOf(x.shape);
    copyStrided(out.shape, rowMajor(out), { data: x.data, start: 0, strides: dims.map((dim) => strides[dim] ?? 0) });
  },
  expand: ([out], [x]) => copyStrided(out.shape, rowMajor(out), { data: x.data, start: 0, strides: expandedStrides(x.shape, out.shape) }),
  slice: ([out], [x], { steps }, starts) => copyStrided(out.shape, rowMajor(out), stepped(x, steps, starts)),
  pad: ([out], [x], { steps }, starts) => {
    out.data.fill(0);
    copyStrided(x.shape, stepped(out, steps, starts), rowMajor(x));
  },
  cat: ([out], inputs, { dim }) => {
    const strides = stridesOf(out.shape);
    let start = 0;
    for (const x of inputs) {
      copyStrided(x.shape, { data: out.data, start, strides }, rowMajor(x));
      start += (x.shape[dim] ?? 1) * (strides[dim] ?? 1);
    }
  },
  detach: ([out], [x]) => out.data.set(x.data),
};

function rowMajor({ data, shape }: Operand): Strided {
  return { data, start: 0, strides: stridesOf(shape) };
}

/** Every `steps[d]`-th element of each dim, from `starts[d]` on. */
function stepped({ data, shape }: Operand, steps: readonly number[], starts: readonly number[]): Strided {
  const strides = stridesOf(shape);
  const start = strides.reduce((sum, stride, d) => sum + stride * (starts[d] ?? 0), 0);
  return { data, start, strides: strides.map((stride, d) => stride * (steps[d] ?? 1)) };
}

/** Strides that repeat a shape's elements over a larger one: 0 where the size was 1 or absent. */
function expandedStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (from[i - added] === 1 ? 0 : (strides[i - added] ?? 0)));
}
