import { atomicWrite } from '@dl/formats/internal';
import { ArgumentError, DataError, ShapeError } from '@dl/tensor';
import { checkInteger, checkShape, describe, formatShape, sameShape, sizeOf } from '@dl/tensor/internal';
import { nodeModules } from '../nodeModules.ts';
import { greatestRank, magicBytes, typeCodes } from './header.ts';
import { type IdxBytes, readBytes } from './readBytes.ts';

/** The elements of an IDX file, row-major, in host memory. */
export interface IdxArray {
  readonly data: Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

/** What `loadIdx` takes beside the path. */
export interface LoadIdxOptions {
  /** The most bytes that the file may take, inflated; default 2 GiB. */
  readonly maxBytes?: number;
}

/**
 * Reads an IDX file, plain or gzipped: the format of MNIST. Magic, element type, dims and lengths are checked before anything
 * is allocated; uint8, int32 and float32 elements are read.
 *
 * @throws DataError naming the file, the rule and what came.
 * @see http://yann.lecun.com/exdb/mnist/ for the format
 * @example const { data, shape } = await loadIdx('train-labels-idx1-ubyte.gz');
 */
export async function loadIdx(path: string, { maxBytes = 2 ** 31 }: LoadIdxOptions = {}): Promise<IdxArray> {
  checkInteger('loadIdx', 'maxBytes', maxBytes, 1);
  return decode(path, await readBytes(path, maxBytes));
}

/**
 * Writes elements as an IDX file, which appears whole or not at all.
 *
 * @throws ArgumentError for an array of another type; ShapeError if the shape is not of its size; DataError if the file cannot be written.
 * @example await saveIdx('labels-idx1-ubyte', { data: new Uint8Array([3, 1, 4]), shape: [3] });
 */
export async function saveIdx(path: string, { data, shape }: IdxArray): Promise<void> {
  checkArray(data, shape);
  await atomicWrite('saveIdx', path, [encode(data, shape)]);
}

// ---------------------------------------------------------------------------------------------------------------------

/** Big-endian, after the header. Not idx-data's writer: it fails beyond 1,024 elements. */
function encode(data: IdxArray['data'], shape: readonly number[]): Uint8Array {
  const begin = magicBytes + 4 * shape.length;
  const bytes = new Uint8Array(begin + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set([
    0,
    0,
    data instanceof Uint8Array ? typeCodes.uint8 : data instanceof Int32Array ? typeCodes.int32 : typeCodes.float32,
    shape.length,
  ]);
  for (const [dim, size] of shape.entries()) view.setUint32(magicBytes + 4 * dim, size);
  if (data instanceof Uint8Array) bytes.set(data, begin);
  else if (data instanceof Int32Array) for (let i = 0; i < data.length; i++) view.setInt32(begin + 4 * i, data[i] ?? 0);
  else for (let i = 0; i < data.length; i++) view.setFloat32(begin + 4 * i, data[i] ?? 0);
  return bytes;
}

/** Bytes are elements as they stand, in the memory that the file was read into; idx-data decodes wider ones. */
async function decode(path: string, { header, bytes }: IdxBytes): Promise<IdxArray> {
  if (header.dtype === 'uint8') return { data: bytes.subarray(header.begin), shape: header.shape };
  return decodeWide(path, { header, bytes });
}

/** idx-data gets all bytes in one piece: an element cut by a chunk's end it would read wrongly. */
async function decodeWide(path: string, { header, bytes }: IdxBytes): Promise<IdxArray> {
  const { readFromStream } = await import('idx-data');
  const { Readable } = await nodeModules.stream();
  const { data, shape, type } = await readFromStream(Readable.from([bytes], { objectMode: false }));
  if (type !== header.dtype || !sameShape(shape, header.shape) || data.length !== sizeOf(shape)) {
    throw new DataError(`${path}: idx-data must decode ${header.dtype} ${formatShape(header.shape)}; got ${type} ${formatShape(shape)}`);
  }
  // idx-data allocates plain memory; its types are older than the distinction.
  return { data: data as IdxArray['data'], shape };
}

function checkArray(data: IdxArray['data'], shape: readonly number[]): void {
  if (!(data instanceof Uint8Array || data instanceof Int32Array || data instanceof Float32Array)) {
    throw new ArgumentError(`saveIdx: data must be a Uint8Array, Int32Array or Float32Array; got ${describe(data)}`);
  }
  if (!Array.isArray(shape) || shape.length === 0 || shape.length > greatestRank) {
    throw new ShapeError(`saveIdx: the shape must have 1 to ${greatestRank} dims; got ${describe(shape)}`);
  }
  checkShape('saveIdx', shape);
  if (sizeOf(shape) !== data.length)
    throw new ShapeError(`saveIdx: the shape must hold the ${data.length} elements; got ${formatShape(shape)}`);
}
