import type { Shape } from '@dl/tensor';
import { sizeOf } from '@dl/tensor/internal';

/** One dim of a loop: its size, and the steps through each array in elements. */
export interface Dim {
  readonly size: number;
  readonly steps: readonly number[];
}

/** The dims without those of size 1, and neighbours as one where all arrays step through them evenly; at least one dim. */
export function mergedDims(shape: Shape, strides: readonly (readonly number[])[]): readonly Dim[] {
  if (sizeOf(shape) === 0) return [{ size: 0, steps: strides.map(() => 1) }];
  const dims: Dim[] = [];
  for (let i = shape.length - 1; i >= 0; i--) {
    const dim: Dim = { size: shape[i] as number, steps: strides.map((steps) => steps[i] as number) };
    const inner = dims[0];
    if (dim.size === 1) continue;
    if (inner !== undefined && goesOn(dim, inner)) dims[0] = { ...inner, size: inner.size * dim.size };
    else dims.unshift(dim);
  }
  return dims.length > 0 ? dims : [{ size: 1, steps: strides.map(() => 1) }];
}

/** The size of each dim, as kernels read them. */
export function sizesOf(dims: readonly Dim[]): readonly number[] {
  return dims.map(({ size }) => size);
}

/** The steps of all dims through one array. */
export function stepsOf(dims: readonly Dim[], array: number): readonly number[] {
  return dims.map(({ steps }) => steps[array] as number);
}

/** Whether a step of the outer dim is where a step behind the inner one's last would lead, in every array. */
function goesOn(outer: Dim, inner: Dim): boolean {
  return outer.steps.every((step, array) => step === inner.size * (inner.steps[array] as number));
}
