import type { Shape, TensorSpec } from '../../shape.ts';
import type { PoolingPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';
import { stepsAlong, windowsAlong } from './windows.ts';

export const poolingShapes: ShapeTable<keyof PoolingPrimitives> = {
  maxPool: ([x], params) => {
    const shape = pooledShape(x.shape, params);
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  maxPoolGradient: ([gradient], { inputSize }) => planesOf(gradient, inputSize),
  avgPool: ([x], params) => ({ shape: pooledShape(x.shape, params), dtype: x.dtype }),
  avgPoolGradient: ([gradient], { inputSize }) => planesOf(gradient, inputSize),
};

interface Pool {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceilMode: boolean;
}

function pooledShape([batch = 1, channels = 1, ...spatial]: Shape, params: Pool): Shape {
  const sizes = stepsAlong(params.kernelSize, params).map((steps, dim) => windowsAlong(spatial[dim] ?? 1, steps, params.ceilMode));
  return [batch, channels, ...sizes];
}

function planesOf({ shape: [batch = 1, channels = 1], dtype }: TensorSpec, sizes: readonly number[]): TensorSpec {
  return { shape: [batch, channels, ...sizes], dtype };
}
