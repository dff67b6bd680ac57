import { type DType, type Shape, type Tensor, tensor } from '@dl/tensor';

/** A tensor as the fixtures have it; Python's words stand for infinities and NaN. */
export interface TensorJson {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly (number | string)[];
}

export type StateJson = Readonly<Record<string, TensorJson>>;

/** The tensor, on the backend that is current. Floating point comes in the precision asked for, or in its own. */
export function fromJson({ shape, dtype, data }: TensorJson, precision?: 'float32' | 'float64'): Tensor {
  const isFloating = dtype === 'float32' || dtype === 'float64';
  return tensor(new Float64Array(data.map(numberOf)), { shape, dtype: isFloating ? (precision ?? dtype) : dtype });
}

export function fromState(state: StateJson, precision?: 'float32' | 'float64'): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, fromJson(value, precision)]));
}

export function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === 'object' && value !== null && 'data' in value;
}

export function numberOf(value: number | string): number {
  return typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'));
}
