import process from 'node:process';
import type { Backend } from '@dl/tensor';
import { type CpuOptions, cpu } from '../cpu.ts';

/** A backend for tests, and what it is. */
export interface OpenedVariant {
  readonly title: string;
  readonly options: CpuOptions;
  readonly backend: Backend;
}

const candidates: readonly CpuOptions[] = [
  { engine: 'native', variant: 'avx512' },
  { engine: 'native', variant: 'avx2' },
  { engine: 'native', variant: 'neon' },
  { engine: 'wasm', variant: 'relaxed simd' },
  { engine: 'wasm', variant: 'simd' },
];

/** Every engine that this machine can run. `DL_CPU_VARIANTS=avx512,simd` runs only these. */
export async function openVariants(): Promise<readonly OpenedVariant[]> {
  const only = process.env.DL_CPU_VARIANTS?.split(',');
  const wanted = candidates.filter(({ variant = '' }) => only?.includes(variant) ?? true);
  const opened = await Promise.all(wanted.map(open));
  return opened.flat();
}

async function open(options: CpuOptions): Promise<OpenedVariant[]> {
  try {
    return [{ title: `${options.engine} ${options.variant}`, options, backend: await cpu({ ...options, threads: 2 }) }];
  } catch {
    return [];
  }
}
