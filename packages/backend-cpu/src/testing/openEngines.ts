import type { Engine } from '../engine/engine.ts';
import { openEngine, type Variant } from '../engine/open.ts';

/** An engine for tests, and what it is. */
export interface OpenedEngine {
  readonly title: string;
  readonly engine: Engine;
}

const variants: readonly Variant[] = ['avx512', 'avx2', 'neon', 'relaxed simd', 'simd'];

/** Every engine that this machine can run, for tests of single kernels. `DL_CPU_VARIANTS=avx512,simd` opens only these. */
export async function openEngines(): Promise<readonly OpenedEngine[]> {
  const only = globalThis.process?.env.DL_CPU_VARIANTS?.split(',');
  const opened = await Promise.all(variants.filter((variant) => only?.includes(variant) ?? true).map(open));
  return opened.flat();
}

async function open(variant: Variant): Promise<OpenedEngine[]> {
  try {
    const { engine } = await openEngine({ variant, threads: 2 });
    return [{ title: `${engine.kind} ${engine.variant}`, engine }];
  } catch {
    return [];
  }
}
