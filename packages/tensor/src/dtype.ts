import { DTypeError } from './errors.ts';

/** The element types, named as PyTorch names them. There is no int64: labels, `argmax` and integer sums are int32. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** The typed array that holds each dtype; a bool is a byte, 0 or 1. */
export interface TypedArrays {
  float32: Float32Array<ArrayBuffer>;
  float64: Float64Array<ArrayBuffer>;
  int32: Int32Array<ArrayBuffer>;
  uint8: Uint8Array<ArrayBuffer>;
  bool: Uint8Array<ArrayBuffer>;
}

/** Any of the arrays that can hold a tensor's elements. */
export type TypedArray = TypedArrays[DType];

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

/** All dtypes, in ascending order of promotion within their category. */
export const dtypes: readonly DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

/** Bytes of one element. */
export const bytesOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };

/** A zeroed array of `length` elements of a dtype. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new constructors[dtype](length);
}

/** A view of `length` elements of a dtype into a buffer. */
export function viewOf(dtype: DType, buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray {
  return new constructors[dtype](buffer, byteOffset, length);
}

/** The dtype that a typed array holds: `Uint8Array` is uint8, never bool. */
export function dtypeOf(array: TypedArray): DType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Uint8Array) return 'uint8';
  throw new DTypeError(
    `tensor: a ${Object.prototype.toString.call(array)} has no dtype; use Float32Array, Float64Array, Int32Array or Uint8Array`,
  );
}

/** Whether a dtype holds fractions, and so can carry a gradient. */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** Whether a dtype is an integer or bool. */
export function isIntegral(dtype: DType): boolean {
  return !isFloating(dtype);
}

/**
 * The dtype that two tensors are brought to before they meet: PyTorch's `promote_types`, of our five.
 *
 * @example promoteTypes('uint8', 'float32') // 'float32'
 */
export function promoteTypes(a: DType, b: DType): DType {
  return dtypes.indexOf(a) > dtypes.indexOf(b) ? a : b;
}

/** The dtype of a JavaScript number next to a tensor: it raises the category (integer, fraction), never the width, as in PyTorch. */
export function promoteNumber(dtype: DType, value: number | boolean): DType {
  if (typeof value === 'boolean' || isFloating(dtype)) return dtype;
  if (!Number.isInteger(value)) return 'float32';
  return dtype === 'bool' ? 'int32' : dtype;
}
