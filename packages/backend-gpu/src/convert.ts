import { BackendError, type DType, DTypeError, type TensorSpec, type TypedArray } from '@dl/tensor';
import { allocate, formatShape, isIntegral, sizeOf } from '@dl/tensor/internal';
import type { Range } from './buffer.ts';
import { exactLimit } from './engine.ts';
import type { Elements } from './gpujs.ts';

/** What the device can hold: all of it as float32. */
export const supportedDTypes: readonly DType[] = ['float32', 'int32', 'uint8', 'bool'];

/**
 * Refuses what the device cannot hold.
 *
 * @throws DTypeError for float64, BackendError for a tensor that is too large.
 */
export function checkSpec({ dtype, shape }: TensorSpec, maxElements: number): void {
  if (!supportedDTypes.includes(dtype)) {
    throw new DTypeError(
      `gpu: a tensor must be ${supportedDTypes.join(', ')}; got ${dtype} ${formatShape(shape)}. Cast it: t.to('float32')`,
    );
  }
  if (sizeOf(shape) > maxElements) {
    throw new BackendError(`gpu: a tensor may have up to ${maxElements} elements here; got ${dtype} ${formatShape(shape)}`);
  }
}

/** Elements as the device keeps them. */
export function toDevice({ dtype }: TensorSpec, data: TypedArray): Elements {
  return dtype === 'float32' && data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>);
}

/** Elements as the dtype wants them. */
export function fromDevice({ dtype, shape }: TensorSpec, elements: Elements): TypedArray {
  const data = allocate(dtype, sizeOf(shape));
  if (data instanceof Int32Array) setSaturated(data, elements);
  else data.set(elements.length === data.length ? elements : elements.subarray(0, data.length));
  return data;
}

/** A float32 of 2^31 is what a cast has made of anything above int32. */
function setSaturated(data: Int32Array, elements: Elements): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(elements[i] as number, 2 ** 31 - 1);
}

/**
 * The range of integers on their way to the device; `null` for fractions and for nothing.
 *
 * @throws BackendError if float32 would round one of them.
 */
export function rangeOf({ dtype, shape }: TensorSpec, data: TypedArray): Range | null {
  if (!isIntegral(dtype) || data.length === 0) return null;
  let least = data[0] as number;
  let greatest = least;
  for (let i = 1; i < data.length; i++) {
    const value = data[i] as number;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least < -exactLimit || greatest > exactLimit) {
    const culprit = greatest > exactLimit ? greatest : least;
    throw new BackendError(
      `gpu: integers must be within ±${exactLimit} here, where they are kept as float32; got ${culprit} in ${dtype} ${formatShape(shape)}`,
    );
  }
  return { least, greatest };
}
