import { ArgumentError, evaluate, type Tensor, type TypedArray } from '@dl/tensor';
import { bytesOf, checkTensor, describe } from '@dl/tensor/internal';
import { formatNames, writingOrder } from './dtypes.ts';
import { prefixBytes } from './header.ts';

/** What goes into a file besides tensors. */
export interface SafetensorsOptions {
  /** Text by name: written as `__metadata__`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file. The tensors are captured before this returns and evaluated together, as one plan.
 * Widest dtypes come first, then by name, and the header is padded to 8 bytes: the same bytes as the reference implementation's.
 *
 * @throws ArgumentError for the reserved name `__metadata__`, a name that is not well-formed Unicode, or metadata that is not text.
 * @see https://github.com/huggingface/safetensors
 * @example const bytes = await encodeSafetensors(model.stateDict());
 */
export async function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = await chunksOf('encodeSafetensors', tensors, options);
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A file's bytes in pieces: the header, then each tensor. */
export async function chunksOf(
  caller: string,
  tensors: Readonly<Record<string, Tensor>>,
  { metadata = {} }: SafetensorsOptions,
): Promise<Uint8Array[]> {
  const entries = inFileOrder(caller, tensors);
  checkMetadata(caller, metadata);
  const header = headerBytes(entries, metadata);
  const arrays = await dataOf(entries.map(([, tensor]) => tensor));
  return [header, ...arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))];
}

// ---------------------------------------------------------------------------------------------------------------------

function inFileOrder(caller: string, tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] {
  const entries = Object.entries(tensors);
  for (const [name, tensor] of entries) {
    checkText(caller, 'a name', name);
    if (name === '__metadata__') throw new ArgumentError(`${caller}: the name __metadata__ is reserved; got a tensor of that name`);
    checkTensor(caller, `'${name}'`, tensor);
  }
  const rank = ([, tensor]: [string, Tensor]): number => writingOrder.indexOf(tensor.dtype);
  return entries.sort((a, b) => rank(a) - rank(b) || compareCodePoints(a[0], b[0]));
}

function checkMetadata(caller: string, metadata: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    checkText(caller, 'a key of metadata', key);
    checkText(caller, `metadata '${key}'`, value);
  }
}

function checkText(caller: string, what: string, value: unknown): void {
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
    throw new ArgumentError(`${caller}: ${what} must be text of well-formed Unicode; got ${describe(value)}`);
  }
}

function headerBytes(entries: readonly [string, Tensor][], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const infos = entries.map(([name, tensor]): [string, object] => {
    const begin = offset;
    offset += tensor.numel() * bytesOf[tensor.dtype];
    return [name, { dtype: formatNames[tensor.dtype], shape: tensor.shape, data_offsets: [begin, offset] }];
  });
  const members = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const, ...infos] : infos;
  // Not JSON.stringify of one object: that would move names that look like numbers to the front.
  const json = new TextEncoder().encode(`{${members.map(([name, info]) => `${JSON.stringify(name)}:${JSON.stringify(info)}`).join(',')}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, prefixBytes);
  return bytes;
}

/** One evaluation for all. Both calls capture before anything is awaited, so steps that follow do not matter. */
async function dataOf(tensors: readonly Tensor[]): Promise<TypedArray[]> {
  const evaluated = evaluate(...tensors);
  const [, ...arrays] = await Promise.all([evaluated, ...tensors.map((tensor) => tensor.data())]);
  return arrays;
}

/** The order of UTF-8 bytes, which differs from that of UTF-16 units beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}
