// What tests of this package share.
import { type Shape, Tensor, tensor } from '@dl/tensor';

/** A tensor as the fixtures have it. */
export interface TensorJson {
  readonly shape: Shape;
  readonly data: readonly number[];
}

export function fromJson(value: TensorJson | undefined, dtype: 'float32' | 'float64' = 'float32'): Tensor {
  if (value === undefined) throw new Error('the fixture lacks a tensor');
  return tensor(dtype === 'float32' ? new Float32Array(value.data) : new Float64Array(value.data), { shape: value.shape });
}

/** Compares to `tolerance (1 + |expected|)`. */
export async function expectTensor(actual: unknown, expected: TensorJson | undefined, what: string, tolerance = 1e-6): Promise<void> {
  if (!(actual instanceof Tensor) || !expected) throw new Error(`${what} is missing`);
  if (String(actual.shape) !== String(expected.shape))
    throw new Error(`${what} has shape [${actual.shape}], PyTorch's [${expected.shape}]`);
  const data = await actual.data();
  for (const [i, wanted] of expected.data.entries()) {
    const off = Math.abs(Number(data[i]) - wanted);
    if (!(off <= tolerance * (1 + Math.abs(wanted)))) throw new Error(`${what}: element ${i} is ${data[i]}, PyTorch has ${wanted}`);
  }
}
