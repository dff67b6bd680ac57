import type { Backend } from '@dl/tensor';
import { type GpuMode, type GpuOptions, gpu } from '../index.ts';

/** A way to open the backend in one of its modes. */
export interface OpenMode {
  readonly mode: GpuMode;
  readonly open: (options?: GpuOptions) => Promise<Backend>;
}

/** The modes that can be tested here: 'webasm' always, 'webgpu' with an adapter. Without one, `announce` hears in a line why not. */
export async function openModes(isRequired: boolean, announce: (line: string) => void = () => {}): Promise<readonly OpenMode[]> {
  const modes: OpenMode[] = [{ mode: 'webasm', open: (options) => gpu({ ...options, mode: 'webasm' }) }];
  try {
    await gpu();
    modes.push({ mode: 'webgpu', open: (options) => gpu({ ...options, mode: 'webgpu' }) });
  } catch (error) {
    if (isRequired) throw error;
    announce(`@dl/backend-gpu: WebGPU was not tested: ${error instanceof Error ? error.message : String(error)}`);
  }
  return modes;
}
