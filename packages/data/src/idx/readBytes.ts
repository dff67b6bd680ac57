import { type OpenFile, withFile } from '@dl/formats/internal';
import { DataError } from '@dl/tensor';
import { nodeModules } from '../nodeModules.ts';
import { headerBytes, type IdxHeader, magicBytes, parseHeader } from './header.ts';

/** An IDX file's header, checked, and its bytes, header included: exactly as many as the header says. */
export interface IdxBytes {
  readonly header: IdxHeader;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads an IDX file, plain or gzipped (its first bytes tell, not its name), after its header has been checked against what is there.
 * Of a gzipped one no more is inflated than its header promises.
 */
export function readBytes(path: string, greatest: number): Promise<IdxBytes> {
  return withFile(path, async (file) => {
    const start = await file.read(0, Math.min(file.size, magicBytes));
    return isGzip(start) ? readGzip(file, greatest) : readPlain(file, start, greatest);
  });
}

// ---------------------------------------------------------------------------------------------------------------------

async function readPlain({ path, size, read }: OpenFile, start: Uint8Array, greatest: number): Promise<IdxBytes> {
  const header = parseHeader(path, await read(0, Math.min(size, headerBytes(path, start))), greatest);
  checkLength(path, header, size);
  return { header, bytes: await read(0, size) };
}

/** Deflate cannot shrink more than this: a header that promises more is a lie. */
const greatestRatio = 1032;

async function readGzip(file: OpenFile, greatest: number): Promise<IdxBytes> {
  const { createGunzip } = await nodeModules.zlib();
  const { Readable } = await nodeModules.stream();
  const collector = new Collector(file.path, Math.min(greatest, file.size * greatestRatio));
  const compressed = Readable.from(chunksOf(file));
  const inflated = compressed.pipe(createGunzip());
  compressed.on('error', (error) => inflated.destroy(error));
  try {
    for await (const chunk of inflated) collector.add(chunk);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${file.path}: must be a whole gzip file; got '${message}' after ${collector.length} bytes`, { cause });
  } finally {
    compressed.destroy();
  }
  return collector.finish();
}

async function* chunksOf({ size, read }: OpenFile): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < size; at += chunkBytes) yield read(at, Math.min(chunkBytes, size - at));
}

const chunkBytes = 2 ** 16;

/** Gathers inflated bytes, and refuses the first one beyond what the header promised. */
class Collector {
  length = 0;
  readonly #path: string;
  readonly #greatest: number;
  /** Grows with what arrives: a promise alone gets no memory. */
  #bytes = new Uint8Array(chunkBytes);
  #header: IdxHeader | null = null;

  constructor(path: string, greatest: number) {
    this.#path = path;
    this.#greatest = greatest;
  }

  add(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (this.#header !== null && length > this.#header.end) checkLength(this.#path, this.#header, length);
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(chunk, this.length);
    this.length = length;
    this.#header ??= this.#readHeader();
  }

  finish(): IdxBytes {
    const bytes = this.#bytes.subarray(0, this.length);
    const header = this.#header ?? parseHeader(this.#path, bytes, this.#greatest);
    checkLength(this.#path, header, this.length);
    return { header, bytes };
  }

  #readHeader(): IdxHeader | null {
    const bytes = this.#bytes.subarray(0, this.length);
    if (bytes.length < magicBytes || bytes.length < headerBytes(this.#path, bytes)) return null;
    const header = parseHeader(this.#path, bytes, this.#greatest);
    if (this.length > header.end) checkLength(this.#path, header, this.length);
    return header;
  }

  /** To twice the room, but not beyond the end that the header promised. */
  #grow(length: number): void {
    const end = this.#header?.end ?? Number.POSITIVE_INFINITY;
    const bytes = new Uint8Array(Math.min(end, Math.max(length, 2 * this.#bytes.length)));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

function checkLength(path: string, { dtype, shape, end }: IdxHeader, length: number): void {
  if (length === end) return;
  const fault = length < end ? 'it is truncated' : 'it is over-long';
  throw new DataError(
    `${path}: the shape [${shape.join(', ')}] of ${dtype} takes ${end} bytes with the header; got ${length < end ? length : `${length} or more`} (${fault})`,
  );
}

/** The two bytes that a gzip file begins with. */
function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}
