import { ArgumentError, type Backend, BackendError } from '@dl/tensor';
import { requireAdapter } from './adapter.ts';
import { GpuBackend } from './backend.ts';
import type { Engine } from './engine.ts';
import { type GpuMode, loadGpuJs } from './gpujs.ts';
import { openWebAsm } from './webasm.ts';
import { openWebGpu } from './webgpu.ts';

export interface GpuOptions {
  /**
   * `'webgpu'` (default) runs on a GPU. `'webasm'` runs the same kernels on the processor, slowly: it is there to test them on
   * machines without an adapter, and is never chosen by itself.
   */
  readonly mode?: GpuMode;
  /**
   * How many bytes of results and data may wait on the device, parameters and optimizer state not counted; 256 MB by default.
   * Beyond, the oldest move to the host until they are used.
   */
  readonly bufferBytes?: number;
}

const modes: readonly GpuMode[] = ['webgpu', 'webasm'];

/**
 * Opens the GPU through WebGPU: the browser's, or in Node the one of the optional peer package `webgpu`. Numbers are float32;
 * int32, uint8 and bool are kept as float32, exact up to 2^24. Reading is asynchronous. `description` names the adapter,
 * and says `software` where the processor plays the GPU. PyTorch: `torch.device('cuda')`.
 *
 * @throws BackendError if there is no WebGPU or no adapter; nothing else is chosen in its stead.
 * @throws ArgumentError for a mode or a limit that is none.
 * @example useBackend(await gpu());
 */
export async function gpu(options: GpuOptions = {}): Promise<Backend> {
  const { mode = 'webgpu', bufferBytes = 2 ** 28 } = options;
  if (!modes.includes(mode)) throw new ArgumentError(`gpu: mode must be 'webgpu' or 'webasm'; got '${String(mode)}'`);
  if (!(bufferBytes >= 0)) throw new ArgumentError(`gpu: bufferBytes must be a number from 0 up; got ${String(bufferBytes)}`);
  return new GpuBackend(await openEngine(mode), bufferBytes);
}

async function openEngine(mode: GpuMode): Promise<Engine> {
  if (mode === 'webasm') return openWebAsm(await loadGpuJs());
  await requireAdapter();
  try {
    return await openWebGpu(await loadGpuJs());
  } catch (error) {
    throw error instanceof BackendError
      ? error
      : new BackendError(`gpu: the device could not be opened: ${String(error)}`, { cause: error });
  }
}
