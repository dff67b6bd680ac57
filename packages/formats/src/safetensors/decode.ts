import { adopt, DataError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { describeLayout, type Entry, headerLength, type Layout, parseHeader, prefixBytes, type SafetensorsHeader } from './header.ts';

/**
 * The tensors of a safetensors file that is in memory. Nothing of the file is trusted: its header, names, dtypes, shapes and
 * ranges are checked against its size before anything is allocated, and each tensor gets memory of its own.
 *
 * Narrower floats become float32, other integers int32 (64-bit ones must fit: PyTorch's `num_batches_tracked` does).
 *
 * @throws DataError naming the fault of a file that is not sound; DTypeError for dtypes or numbers that have no place here.
 * @example model.loadStateDict(decodeSafetensors(new Uint8Array(await response.arrayBuffer())));
 */
export function decodeSafetensors(bytes: Uint8Array): Record<string, Tensor> {
  const { entries } = readLayout('decodeSafetensors', bytes);
  return Object.fromEntries(entries.map((entry) => [entry.name, tensorOf('decodeSafetensors', entry, copyOf(bytes, entry))]));
}

/**
 * The metadata, and each tensor's dtype and shape, of a safetensors file that is in memory; elements are not read.
 *
 * @throws DataError, DTypeError as `decodeSafetensors` does.
 */
export function decodeSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  return describeLayout(readLayout('decodeSafetensorsHeader', bytes));
}

/** The tensor of an entry, from its bytes, which become its memory where the dtype allows. */
export function tensorOf(file: string, { name, encoding, shape }: Entry, bytes: ArrayBuffer): Tensor {
  return adopt(encoding.decode(bytes, `${file}: '${name}'`), shape, encoding.dtype);
}

// ---------------------------------------------------------------------------------------------------------------------

function readLayout(caller: string, bytes: Uint8Array): Layout {
  if (!(bytes instanceof Uint8Array)) throw new DataError(`${caller}: a file's bytes must be a Uint8Array; got ${describe(bytes)}`);
  const length = headerLength(caller, bytes.subarray(0, prefixBytes), bytes.length);
  return parseHeader(caller, bytes.subarray(prefixBytes, prefixBytes + length), bytes.length);
}

function copyOf(bytes: Uint8Array, { begin, end }: Entry): ArrayBuffer {
  const copy = new Uint8Array(end - begin);
  copy.set(bytes.subarray(begin, end));
  return copy.buffer;
}
