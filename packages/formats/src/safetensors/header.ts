import { DataError, type DType } from '@dl/tensor';
import { type Encoding, encodingOf } from './dtypes.ts';
import { checkUniqueKeys } from './uniqueKeys.ts';

/** Where one tensor lies in a file. */
export interface Entry {
  readonly name: string;
  readonly encoding: Encoding;
  readonly shape: readonly number[];
  /** Bytes from the file's begin. */
  readonly begin: number;
  readonly end: number;
}

/** What a file holds, by its header. */
export interface Layout {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a file says of its tensors, without their elements. */
export interface SafetensorsHeader {
  /** Free text that came along, such as `{ format: 'pt' }`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Shape, and dtype here, of each tensor. */
  readonly tensors: Readonly<Record<string, { readonly dtype: DType; readonly shape: readonly number[] }>>;
}

/** Bytes of the length field that a file begins with. */
export const prefixBytes = 8;
/** The reference implementation's limit. */
const maxHeaderBytes = 100_000_000;

/** The length of the header from a file's first 8 bytes, little-endian, checked against the size of the file. */
export function headerLength(file: string, prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < prefixBytes || prefix.length < prefixBytes) {
    throw new DataError(`${file}: a safetensors file has at least ${prefixBytes} bytes; got ${fileBytes}`);
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true);
  if (length > maxHeaderBytes)
    throw new DataError(`${file}: the header must have at most ${maxHeaderBytes} bytes; got ${length}. Is it a safetensors file?`);
  if (prefixBytes + Number(length) > fileBytes) {
    throw new DataError(`${file}: the header must lie within the file; got ${length} bytes of header in a file of ${fileBytes}`);
  }
  return Number(length);
}

/**
 * Reads a header and checks all of it against the size of the file, before anything is allocated for tensors:
 * names, dtypes, shapes, and ranges that cover the data without overlap or hole.
 */
export function parseHeader(file: string, header: Uint8Array, fileBytes: number): Layout {
  const { __metadata__: metadata, ...tensors } = parseObject(file, header);
  const dataBegin = prefixBytes + header.length;
  const entries = Object.entries(tensors).map(([name, info]) => readEntry(file, name, info, dataBegin));
  checkCoverage(file, entries, dataBegin, fileBytes);
  return { entries, metadata: readMetadata(file, metadata) };
}

/** A layout as users see it. */
export function describeLayout({ entries, metadata }: Layout): SafetensorsHeader {
  const tensors = entries.map(({ name, encoding, shape }) => [name, { dtype: encoding.dtype, shape }] as const);
  return { metadata, tensors: Object.fromEntries(tensors) };
}

// ---------------------------------------------------------------------------------------------------------------------

function parseObject(file: string, header: Uint8Array): Record<string, unknown> {
  const text = decodeText(file, header);
  if (!text.startsWith('{')) throw new DataError(`${file}: the header must begin with '{'; got ${JSON.stringify(text.slice(0, 1))}`);
  const parsed = parseJson(file, text);
  if (!isObject(parsed)) throw new DataError(`${file}: the header must be a JSON object; got ${typeof parsed}`);
  checkUniqueKeys(file, text);
  return parsed;
}

function decodeText(file: string, header: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new DataError(`${file}: the header must be UTF-8; got other bytes`, { cause });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Deep nesting overflows the parser's stack: a RangeError.
    throw new DataError(`${file}: the header must be JSON; got ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function readMetadata(file: string, metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  const entries = isObject(metadata) ? Object.entries(metadata) : null;
  if (entries?.every(isText)) return Object.fromEntries(entries);
  throw new DataError(`${file}: __metadata__ must map text to text; got ${show(metadata)}`);
}

function readEntry(file: string, name: string, info: unknown, dataBegin: number): Entry {
  if (!isObject(info)) throw new DataError(`${file}: '${name}' must have dtype, shape and data_offsets; got ${show(info)}`);
  const { dtype, shape, data_offsets: offsets } = info;
  const encoding = encodingOf(file, name, dtype);
  if (!areSizes(shape)) throw new DataError(`${file}: '${name}' must have a shape of whole numbers from 0 up; got ${show(shape)}`);
  if (!areSizes(offsets) || offsets.length !== 2) {
    throw new DataError(`${file}: '${name}' must have two data_offsets, whole numbers from 0 up; got ${show(offsets)}`);
  }
  const [begin = 0, end = 0] = offsets;
  const bytes = shape.reduce((product, size) => product * size, encoding.bytes);
  if (end - begin !== bytes) {
    throw new DataError(
      `${file}: '${name}' of ${String(dtype)} and shape [${shape.join(', ')}] must take ${bytes} bytes; got data_offsets [${begin}, ${end}]`,
    );
  }
  return { name, encoding, shape, begin: dataBegin + begin, end: dataBegin + end };
}

function checkCoverage(file: string, entries: readonly Entry[], dataBegin: number, fileBytes: number): void {
  let at = dataBegin;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      const fault = begin < at ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw new DataError(
        `${file}: tensors must follow one another without gap; got '${name}' at ${begin - dataBegin}, which ${fault} (that ends at ${at - dataBegin})`,
      );
    }
    at = end;
  }
  if (at !== fileBytes) {
    const fault = at > fileBytes ? 'it is truncated' : 'it is over-long';
    throw new DataError(`${file}: the tensors need a file of ${at} bytes; got ${fileBytes} (${fault})`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function areSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A value of a header that may be hostile, in no more than a line: never recursive, since it can be nested a million deep. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(showItem).join(', ')}${value.length > 8 ? ', …' : ''}]`;
  return showItem(value);
}

function showItem(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(JSON.stringify(value)).slice(0, 80);
}
