import type { FileHandle } from 'node:fs/promises';
import { DataError } from '@dl/tensor';
import { nodeFiles } from './nodeFiles.ts';

/** A file that is open for reading. */
export interface OpenFile {
  readonly path: string;
  readonly size: number;
  /** The bytes of a range within the file, in memory of their own. */
  read(begin: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Opens a file, uses it, and closes it whatever happens.
 *
 * @throws DataError naming the path if it is no file, cannot be read, or becomes shorter meanwhile.
 */
export async function withFile<R>(path: string, use: (file: OpenFile) => Promise<R>): Promise<R> {
  const { open, stat } = await nodeFiles();
  // Before opening: a named pipe would wait for its writer.
  const stats = await stat(path).catch((cause: unknown) => unreadable(path, cause));
  if (!stats.isFile()) throw new DataError(`${path}: must be a file; got ${stats.isDirectory() ? 'a folder' : 'something else'}`);
  const handle = await open(path, 'r').catch((cause: unknown) => unreadable(path, cause));
  try {
    const { size } = await handle.stat();
    return await use({ path, size, read: (begin, length) => readRange(path, handle, begin, length) });
  } finally {
    await handle.close();
  }
}

/** Reads at most a gigabyte a call: systems refuse more than two. */
async function readRange(path: string, handle: FileHandle, begin: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle
      .read(bytes, done, Math.min(length - done, 2 ** 30), begin + done)
      .catch((cause: unknown) => unreadable(path, cause));
    if (bytesRead === 0) throw new DataError(`${path}: the file became shorter while it was read; got its end at byte ${begin + done}`);
    done += bytesRead;
  }
  return bytes;
}

function unreadable(path: string, cause: unknown): never {
  throw new DataError(`${path}: must be a readable file; got ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
