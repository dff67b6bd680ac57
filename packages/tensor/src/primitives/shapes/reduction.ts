import { isFloating } from '../../dtype.ts';
import type { Shape, TensorSpec } from '../../shape.ts';
import type { ReductionPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

type Params = { readonly dims: readonly number[]; readonly keepDim: boolean };

/** Without the reduced dims, or with size 1 in their place. */
const reducedShape = (shape: Shape, dims: readonly number[], keepDim: boolean): Shape =>
  keepDim ? shape.map((size, i) => (dims.includes(i) ? 1 : size)) : shape.filter((_, i) => !dims.includes(i));

/** Integers and bools add up in int32. */
const accumulated = ([x]: readonly [TensorSpec], { dims, keepDim }: Params): TensorSpec => ({
  shape: reducedShape(x.shape, dims, keepDim),
  dtype: isFloating(x.dtype) ? x.dtype : 'int32',
});

const selected = ([x]: readonly [TensorSpec], { dims, keepDim }: Params): TensorSpec => ({
  shape: reducedShape(x.shape, dims, keepDim),
  dtype: x.dtype,
});

const position = ([x]: readonly [TensorSpec], { dim, keepDim }: { readonly dim: number; readonly keepDim: boolean }): TensorSpec => ({
  shape: reducedShape(x.shape, [dim], keepDim),
  dtype: 'int32',
});

export const reductionShapes: ShapeTable<keyof ReductionPrimitives> = {
  sum: accumulated,
  prod: accumulated,
  amax: selected,
  amin: selected,
  argmax: position,
  argmin: position,
  cumsum: ([x]) => ({ shape: x.shape, dtype: isFloating(x.dtype) ? x.dtype : 'int32' }),
};
