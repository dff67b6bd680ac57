import type { TensorSpec } from '../../shape.ts';
import type { FusedGradientPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

const likeSecond = ([, second]: readonly [TensorSpec, TensorSpec, ...TensorSpec[]]): TensorSpec => second;

/** The specs of what was normalised, of its weight and, with the same shape, of its bias. */
const affine = ([, x, weight]: readonly [TensorSpec, TensorSpec, TensorSpec, ...TensorSpec[]]): [TensorSpec, TensorSpec, TensorSpec] => [
  x,
  weight,
  weight,
];

export const fusedGradientShapes: ShapeTable<keyof FusedGradientPrimitives> = {
  reluGradient: likeSecond,
  softmaxGradient: likeSecond,
  logSoftmaxGradient: likeSecond,
  crossEntropyGradient: likeSecond,
  layerNormGradient: affine,
  batchNormGradient: affine,
};
