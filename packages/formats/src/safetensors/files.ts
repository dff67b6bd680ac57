import type { Tensor } from '@dl/tensor';
import { atomicWrite } from '../files/atomicWrite.ts';
import { type OpenFile, withFile } from '../files/openFile.ts';
import { tensorOf } from './decode.ts';
import { chunksOf, type SafetensorsOptions } from './encode.ts';
import { describeLayout, headerLength, type Layout, parseHeader, prefixBytes, type SafetensorsHeader } from './header.ts';

/**
 * Writes tensors as a safetensors file: PyTorch, and whatever else reads the format, loads it. The file appears whole or not at all
 * (a temporary file in its folder, flushed, then renamed). The tensors are captured before this returns: steps that follow do not matter.
 *
 * @throws ArgumentError as `encodeSafetensors`; DataError if the file cannot be written.
 * @example await saveSafetensors('digits.safetensors', model.stateDict(), { metadata: { format: 'pt' } });
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Promise<void> {
  await atomicWrite('saveSafetensors', path, await chunksOf('saveSafetensors', tensors, options));
}

/**
 * Reads the tensors of a safetensors file; what is checked and converted, `decodeSafetensors` tells. Each tensor is read straight into
 * its own memory.
 *
 * @throws DataError naming the file and its fault; DTypeError for dtypes or numbers that have no place here.
 * @example model.loadStateDict(await loadSafetensors('digits.safetensors'));
 */
export function loadSafetensors(path: string): Promise<Record<string, Tensor>> {
  return withFile(path, async (file) => {
    const tensors: [string, Tensor][] = [];
    for (const entry of (await readLayout(file)).entries) {
      const bytes = await file.read(entry.begin, entry.end - entry.begin);
      tensors.push([entry.name, tensorOf(path, entry, bytes.buffer)]);
    }
    return Object.fromEntries(tensors);
  });
}

/**
 * The metadata, and each tensor's dtype and shape, of a safetensors file; elements are not read.
 *
 * @throws DataError, DTypeError as `loadSafetensors` does.
 */
export function loadSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  return withFile(path, async (file) => describeLayout(await readLayout(file)));
}

async function readLayout({ path, size, read }: OpenFile): Promise<Layout> {
  const length = headerLength(path, await read(0, Math.min(prefixBytes, size)), size);
  return parseHeader(path, await read(prefixBytes, length), size);
}
