import { type DType, rand, randn, type Shape, type Tensor } from '@dl/tensor';

/** Uniform numbers in `[low, high)`. */
export function uniformBetween(shape: Shape, dtype: DType, low: number, high: number): Tensor {
  return rand(shape, { dtype })
    .mul(high - low)
    .add(low);
}

/** Normal numbers. */
export function normalAround(shape: Shape, dtype: DType, mean: number, std: number): Tensor {
  return randn(shape, { dtype }).mul(std).add(mean);
}
