import type { Engine } from '../engine/engine.ts';
import { openEngine, type Variant } from '../engine/open.ts';

const variants: readonly Variant[] = ['avx512', 'avx2', 'neon', 'relaxed simd', 'simd'];

/** An engine of every variant that this machine can run. */
export async function openEngines(): Promise<readonly Engine[]> {
  const opened = await Promise.all(variants.map((variant) => openEngine({ variant, threads: 2 }).catch(() => null)));
  return opened.flatMap((result) => (result === null ? [] : [result.engine]));
}
