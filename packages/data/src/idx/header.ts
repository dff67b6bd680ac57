import { DataError } from '@dl/tensor';

/** What an IDX file says of itself. */
export interface IdxHeader {
  readonly dtype: IdxDType;
  readonly shape: readonly number[];
  /** Bytes of the header. */
  readonly begin: number;
  /** Bytes of header and elements together. */
  readonly end: number;
}

/** The element types that idx-data reads. */
export type IdxDType = 'uint8' | 'int32' | 'float32';

/** Bytes that every IDX file begins with: two zeros, the type, the number of dims. */
export const magicBytes = 4;

/** The third byte of a file. */
export const typeCodes: Readonly<Record<IdxDType, number>> = { uint8: 0x08, int32: 0x0c, float32: 0x0d };

const types: ReadonlyMap<number, { readonly dtype: IdxDType; readonly bytes: number }> = new Map([
  [typeCodes.uint8, { dtype: 'uint8', bytes: 1 }],
  [typeCodes.int32, { dtype: 'int32', bytes: 4 }],
  [typeCodes.float32, { dtype: 'float32', bytes: 4 }],
]);
const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0e, 'float64'],
]);

/** More dims than this are no data set. */
export const greatestRank = 8;

/** How many bytes the header takes, from the first 4: checks magic, type and number of dims. */
export function headerBytes(file: string, start: Uint8Array): number {
  if (start.length < magicBytes) throw new DataError(`${file}: an IDX file has at least ${magicBytes} bytes; got ${start.length}`);
  const [zero, alsoZero, type = 0, rank = 0] = start;
  if (zero !== 0 || alsoZero !== 0) {
    const found = Array.from(start.subarray(0, magicBytes), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(`${file}: an IDX file begins with two zero bytes; got ${found}. Is it another kind of file?`);
  }
  if (!types.has(type)) {
    const name = otherTypes.get(type) ?? 'no type of the format';
    throw new DataError(
      `${file}: elements must be uint8, int32 or float32 (0x08, 0x0c or 0x0d); got 0x${type.toString(16).padStart(2, '0')}, ${name}`,
    );
  }
  if (rank < 1 || rank > greatestRank) throw new DataError(`${file}: there must be 1 to ${greatestRank} dims; got ${rank}`);
  return magicBytes + 4 * rank;
}

/** The whole header, from the bytes that `headerBytes` asked for; sizes are big-endian. */
export function parseHeader(file: string, bytes: Uint8Array, greatest: number): IdxHeader {
  const begin = headerBytes(file, bytes);
  if (bytes.length < begin) throw new DataError(`${file}: the header must have ${begin} bytes; got ${bytes.length} (it is truncated)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, begin);
  const shape = Array.from({ length: (begin - magicBytes) / 4 }, (_, dim) => view.getUint32(magicBytes + 4 * dim));
  const { dtype, bytes: width } = types.get(view.getUint8(2)) ?? { dtype: 'uint8', bytes: 1 };
  const end = shape.reduce((product, size) => product * size, width) + begin;
  if (!(end <= greatest))
    throw new DataError(
      `${file}: must take at most ${greatest} bytes; got the shape [${shape.join(', ')}] of ${dtype}, which takes ${end}`,
    );
  return { dtype, shape, begin, end };
}
