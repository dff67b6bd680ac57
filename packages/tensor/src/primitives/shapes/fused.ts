import type { Shape, TensorSpec } from '../../shape.ts';
import type { FusedPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

const likeFirst = ([x]: readonly [TensorSpec, ...TensorSpec[]]): TensorSpec => x;

export const fusedShapes: ShapeTable<keyof FusedPrimitives> = {
  linear: ([x, weight]) => ({ shape: [...x.shape.slice(0, -1), weight.shape[0] ?? 1], dtype: x.dtype }),
  softmax: likeFirst,
  logSoftmax: likeFirst,
  crossEntropy: ([logits, labels]) => ({ shape: labels.shape, dtype: logits.dtype }),
  layerNorm: ([x], { dims }) => {
    const kept = { shape: onesAtEnd(x.shape, dims), dtype: x.dtype };
    return [x, kept, kept];
  },
  batchNorm: ([x, weight]) => {
    const statistic = { shape: weight.shape, dtype: x.dtype };
    return [x, statistic, statistic];
  },
  dropout: likeFirst,
  gelu: likeFirst,
  silu: likeFirst,
  softplus: likeFirst,
  withGradient: likeFirst,
};

function onesAtEnd(shape: Shape, count: number): Shape {
  return shape.map((size, i) => (i < shape.length - count ? size : 1));
}
