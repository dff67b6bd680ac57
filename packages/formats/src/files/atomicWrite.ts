import type { FileHandle } from 'node:fs/promises';
import { DataError } from '@dl/tensor';
import { nodeFiles } from './nodeFiles.ts';

/**
 * Writes a file as a whole or not at all: into a temporary one in the same folder, flushed to the disk, then renamed.
 *
 * @throws DataError naming the file and what the system said; nothing half-written stays.
 */
export async function atomicWrite(caller: string, path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const { open, rename, rm } = await nodeFiles();
  const temporary = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  try {
    await writeAll(await open(temporary, 'wx'), chunks);
    await rename(temporary, path);
  } catch (cause) {
    // A folder that cannot be written has nothing to remove either.
    await rm(temporary, { force: true }).catch(() => {});
    throw new DataError(`${caller}: ${path} must be writable; got ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function writeAll(file: FileHandle, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
