import { DataError, type DType, DTypeError, type TypedArray } from '@dl/tensor';

/** How elements of one dtype of the format are read. */
export interface Encoding {
  readonly bytes: number;
  /** The dtype they get here. */
  readonly dtype: DType;
  /** The elements, from bytes that no one else holds and that begin an ArrayBuffer. */
  readonly decode: (buffer: ArrayBuffer, name: string) => TypedArray;
}

/** The format's dtypes that @dl has a place for. Narrower ones widen; 64-bit integers must fit int32. */
const encodings: Readonly<Record<string, Encoding>> = {
  F64: { bytes: 8, dtype: 'float64', decode: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, dtype: 'float32', decode: (buffer) => new Float32Array(buffer) },
  F16: { bytes: 2, dtype: 'float32', decode: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  BF16: { bytes: 2, dtype: 'float32', decode: decodeBfloat16 },
  I64: { bytes: 8, dtype: 'int32', decode: (buffer, name) => narrow(name, 'I64', new BigInt64Array(buffer)) },
  U64: { bytes: 8, dtype: 'int32', decode: (buffer, name) => narrow(name, 'U64', new BigUint64Array(buffer)) },
  I32: { bytes: 4, dtype: 'int32', decode: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, dtype: 'int32', decode: (buffer, name) => narrow(name, 'U32', new Uint32Array(buffer)) },
  I16: { bytes: 2, dtype: 'int32', decode: (buffer) => Int32Array.from(new Int16Array(buffer)) },
  U16: { bytes: 2, dtype: 'int32', decode: (buffer) => Int32Array.from(new Uint16Array(buffer)) },
  I8: { bytes: 1, dtype: 'int32', decode: (buffer) => Int32Array.from(new Int8Array(buffer)) },
  U8: { bytes: 1, dtype: 'uint8', decode: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, dtype: 'bool', decode: (buffer, name) => checkBools(name, new Uint8Array(buffer)) },
};

/** Dtypes of the format without a place here. */
const unsupported: readonly string[] = ['C64', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ', 'F6_E2M3', 'F6_E3M2', 'F4'];

/** How each dtype of ours is named in the format. */
export const formatNames: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32', uint8: 'U8', bool: 'BOOL' };

/** The order of tensors in a file: widest dtype first, as the reference implementation ranks them, so that all are aligned. */
export const writingOrder: readonly DType[] = ['float64', 'float32', 'int32', 'uint8', 'bool'];

/** The encoding that a header names. Throws a DTypeError for one that exists but has no place here, else a DataError. */
export function encodingOf(file: string, tensor: string, name: unknown): Encoding {
  if (typeof name === 'string') {
    const encoding = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
    if (encoding !== undefined) return encoding;
    if (unsupported.includes(name)) {
      throw new DTypeError(
        `${file}: '${tensor}' must have a dtype among ${Object.keys(encodings).join(', ')}; got ${name}. Convert it before saving`,
      );
    }
  }
  throw new DataError(`${file}: '${tensor}' must have a dtype of the format; got ${JSON.stringify(name)}`);
}

// ---------------------------------------------------------------------------------------------------------------------

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;

function narrow(name: string, dtype: string, wide: BigInt64Array | BigUint64Array | Uint32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(wide.length);
  for (let i = 0; i < out.length; i++) {
    const value = Number(wide[i]);
    if (value < int32Min || value > int32Max) {
      throw new DTypeError(`${name}: ${dtype} elements are read as int32 and must fit; got ${wide[i]} at position ${i}`);
    }
    out[i] = value;
  }
  return out;
}

function checkBools(name: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((byte) => byte > 1);
  if (at >= 0) throw new DataError(`${name}: bools must be bytes 0 or 1; got ${bytes[at]} at position ${at}`);
  return bytes;
}

/** A bfloat16 is the upper half of a float32. */
function decodeBfloat16(buffer: ArrayBuffer): Float32Array<ArrayBuffer> {
  const halves = new Uint16Array(buffer);
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
