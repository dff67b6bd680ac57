import { internalError } from '../../errors.ts';
import type { Shape, TensorSpec } from '../../shape.ts';
import type { MovementPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

/** Movement keeps the dtype. */
export const movementShapes: ShapeTable<keyof MovementPrimitives> = {
  reshape: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  permute: ([x], { dims }) => ({ shape: dims.map((dim) => x.shape[dim] ?? 1), dtype: x.dtype }),
  expand: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  slice: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  pad: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  cat: (inputs, { dim }) => concatenated(inputs, dim),
  detach: ([x]) => x,
};

function concatenated(inputs: readonly TensorSpec[], dim: number): TensorSpec {
  const [first] = inputs;
  if (first === undefined) throw internalError('cat of no tensors');
  const total = inputs.reduce((sum, { shape }) => sum + sizeAt(shape, dim), 0);
  return { shape: first.shape.map((size, i) => (i === dim ? total : size)), dtype: first.dtype };
}

function sizeAt(shape: Shape, dim: number): number {
  return shape[dim] ?? 1;
}
