import type { TensorSpec } from '@dl/tensor';
import { internalError, type PoolingPrimitives, sizeOf } from '@dl/tensor/internal';
import type { EncoderTable } from './encoding.ts';

/** Elements of a piece, in whole planes. */
const pieceElements = 16384;

export const poolingEncoders: EncoderTable<keyof PoolingPrimitives> = {
  maxPool: ({ inputs: [x], outputs: [output], params }) => ({ kernel: 'maxPool', params: windowsOver(x, output, params) }),
  maxPoolGradient: ({ inputs: [gradient], outputs: [output] }) => ({
    kernel: 'maxPoolGradient',
    params: [...planesOf(output), sizeOf(gradient.shape.slice(2)), sizeOf(output.shape.slice(2)), tiledRow(gradient, output), 0],
  }),
  avgPool: ({ inputs: [x], outputs: [output], params }) => ({
    kernel: 'avgPool',
    params: [...windowsOver(x, output, params), ...divisorOf(params)],
  }),
  avgPoolGradient: ({ inputs: [gradient], outputs: [output], params }) => ({
    kernel: 'avgPoolGradient',
    params: [...windowsOver(output, gradient, params), ...divisorOf(params)],
  }),
};

interface Windows {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
}

/** Windows of a row, where 2 × 2 of them could tile planes of float32; else 0. */
function tiledRow({ shape: [, , rows = 0, columns = 0, ...more] }: TensorSpec, { shape, dtype }: TensorSpec): number {
  const isTiled = dtype === 'float32' && more.length === 0 && shape[2] === 2 * rows && shape[3] === 2 * columns;
  return isTiled ? columns : 0;
}

/** kernels/pooling.h's `Pooling`: three axes, the first ones trivial where there are fewer. */
function windowsOver(elements: TensorSpec, windows: TensorSpec, { kernelSize, stride, padding, dilation = [] }: Windows): number[] {
  const missing = 3 - kernelSize.length;
  if (missing < 0) throw internalError('cpu: pooling has at most three dims');
  const axes = kernelSize.flatMap((kernel, dim) => [
    elements.shape[dim + 2] ?? 1,
    windows.shape[dim + 2] ?? 1,
    kernel,
    stride[dim] ?? 1,
    padding[dim] ?? 0,
    dilation[dim] ?? 1,
  ]);
  return [...planesOf(elements), ...Array.from({ length: missing }, () => [1, 1, 1, 1, 0, 1]).flat(), ...axes];
}

/** The dtype, as kernels/pooling.h numbers it, planes, and planes of a piece. */
function planesOf({ shape, dtype }: TensorSpec): number[] {
  const number = { float32: 0, float64: 1, int32: 2, uint8: -1, bool: -1 }[dtype];
  if (number === -1) throw internalError(`cpu: pooling of ${dtype}`);
  return [number, sizeOf(shape.slice(0, 2)), Math.max(1, Math.floor(pieceElements / Math.max(1, sizeOf(shape.slice(2)))))];
}

function divisorOf({
  countIncludePad,
  divisorOverride,
}: {
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;
}): number[] {
  return [Number(countIncludePad), divisorOverride ?? 0];
}
