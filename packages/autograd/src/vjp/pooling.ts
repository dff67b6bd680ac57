import { reshape, type Tensor } from '@dl/tensor';
import { apply, type ParamsOf, type PoolingPrimitives, sizeOf } from '@dl/tensor/internal';
import { zerosOf } from './algebra.ts';
import type { VjpTable } from './table.ts';

export const poolingVjps: VjpTable<keyof PoolingPrimitives> = {
  maxPool: ([g], { inputs: [x], output: [, indices] }) => [
    () => (g === undefined ? zerosOf(x.shape, x) : apply('maxPoolGradient', [g, indices], { inputSize: x.shape.slice(2) }, [])),
  ],
  // Adding at the indices and reading at the indices are each other's transposes.
  maxPoolGradient: (g, { inputs: [gradient, indices] }) => [
    () => reshape(apply('gather', [planesOf(g), planesOf(indices)], { dim: 2 }, []), gradient.shape),
    null,
  ],
  avgPool: (g, { inputs: [x], params }) => [
    () => apply('avgPoolGradient', [g], { ...averageParams(params), inputSize: x.shape.slice(2) }, []),
  ],
  avgPoolGradient: (g, { params }) => [() => apply('avgPool', [g], averageParams(params), [])],
};

function averageParams({
  kernelSize,
  stride,
  padding,
  ceilMode,
  countIncludePad,
  divisorOverride,
}: ParamsOf<'avgPool'>): ParamsOf<'avgPool'> {
  return { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride };
}

/** `[N, C, elements]`. */
function planesOf(x: Tensor): Tensor {
  const [batch = 1, channels = 1, ...spatial] = x.shape;
  return reshape(x, [batch, channels, sizeOf(spatial)]);
}
