export { type GpuOptions, gpu } from './gpu.ts';
export type { GpuMode } from './gpujs.ts';
