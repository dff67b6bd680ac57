import type { TypedArray } from '../dtype.ts';
import type { Operand } from '../primitives/tables.ts';
import { forEachRow } from './rows.ts';

/** One row of a binary operation. Each operand moves by its step, 0 or 1. */
type BinaryRow = (
  out: TypedArray,
  start: number,
  a: TypedArray,
  i: number,
  stepA: number,
  b: TypedArray,
  j: number,
  stepB: number,
  length: number,
) => void;

type BinaryKernel = (outputs: readonly [Operand], inputs: readonly [Operand, Operand]) => void;

/** The kernel that applies a row loop over broadcast operands. */
const byRow =
  (row: BinaryRow): BinaryKernel =>
  ([out], [a, b]) =>
    forEachRow(out, [a, b], (start, length, starts, steps) =>
      row(out.data, start, a.data, starts[0] as number, steps[0] as number, b.data, starts[1] as number, steps[1] as number, length),
    );

/** The kernel that applies a function to each pair: for operations that are rare, or slow by themselves. */
export const binary = (f: (a: number, b: number) => number): BinaryKernel =>
  byRow((out, start, a, i, stepA, b, j, stepB, length) => {
    for (let k = 0; k < length; k++) out[start + k] = f(a[i + k * stepA] as number, b[j + k * stepB] as number);
  });

/** The kernel with its operands exchanged: `lt` is `gt` the other way round. */
export const swapped =
  (kernel: BinaryKernel): BinaryKernel =>
  (outputs, [a, b]) =>
    kernel(outputs, [b, a]);

// Hand-written, one loop each: a function passed in would be called for every element, at four times the cost.

export const add = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) + (b[j + k * stepB] as number);
});

export const sub = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) - (b[j + k * stepB] as number);
});

const product = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) * (b[j + k * stepB] as number);
});

/** Products of int32 need all 64 bits before the upper ones are dropped. */
const wrappedProduct = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = Math.imul(a[i + k * stepA] as number, b[j + k * stepB] as number);
});

export const mul: BinaryKernel = (outputs, inputs) => {
  const kernel = outputs[0].data instanceof Int32Array ? wrappedProduct : product;
  kernel(outputs, inputs);
};

export const div = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) / (b[j + k * stepB] as number);
});

export const gt = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) > (b[j + k * stepB] as number) ? 1 : 0;
});

export const ge = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = (a[i + k * stepA] as number) >= (b[j + k * stepB] as number) ? 1 : 0;
});

export const eq = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) out[start + k] = a[i + k * stepA] === b[j + k * stepB] ? 1 : 0;
});

/** The greater one; `NaN` wins. */
export const maximum = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) {
    const x = a[i + k * stepA] as number;
    const y = b[j + k * stepB] as number;
    out[start + k] = x > y || Number.isNaN(x) ? x : y;
  }
});

/** The smaller one; `NaN` wins. */
export const minimum = byRow((out, start, a, i, stepA, b, j, stepB, length) => {
  for (let k = 0; k < length; k++) {
    const x = a[i + k * stepA] as number;
    const y = b[j + k * stepB] as number;
    out[start + k] = x < y || Number.isNaN(x) ? x : y;
  }
});
