import { eachElement } from '@dl/nn/testing';
import { type Shape, type Tensor, tensor } from '@dl/tensor';

/** A tensor as the fixtures have it. */
export interface TensorJson {
  readonly shape: Shape;
  readonly data: readonly number[];
}

export function fromJson(value: TensorJson | undefined, dtype: 'float32' | 'float64' = 'float32'): Tensor {
  return tensor(new Float64Array(given(value).data), { shape: given(value).shape, dtype });
}

/** Compares to `tolerance (1 + |expected|)`. */
export async function expectTensor(actual: unknown, expected: TensorJson | undefined, what: string, tolerance = 1e-6): Promise<void> {
  await eachElement(tolerance)(what, actual, given(expected));
}

/** What the fixture has to have. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture lacks something');
  return value;
}
