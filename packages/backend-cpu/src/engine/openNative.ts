import type { Addon } from './addon.ts';
import { Binaries } from './binaries.ts';
import { NativeEngine } from './native.ts';
import type { Variant } from './open.ts';
import { platformName } from './platformName.ts';

/** By the processor's architecture. */
const variantsOf: Readonly<Record<string, readonly Variant[]>> = { x64: ['avx512', 'avx2'], arm64: ['neon'] };

/** The first of these variants that the processor has and that can be loaded; the reasons why not are added. */
export async function openNative(
  variants: readonly Variant[],
  threads: number | undefined,
  reasons: string[],
): Promise<NativeEngine | undefined> {
  const node = globalThis.process;
  if (node?.versions?.node === undefined) {
    reasons.push('native code needs Node.js');
    return undefined;
  }
  const platform = await platformName(node);
  const binaries = await Binaries.of(platform);
  for (const variant of variants.filter((name) => variantsOf[node.arch]?.includes(name))) {
    const addon = binaries.load(variant, reasons);
    if (addon !== undefined) return new NativeEngine(addon, variant, threads ?? (await threadsOf(addon)));
  }
  if (reasons.length === 0) reasons.push(`no native code for ${platform} (package @dl/backend-cpu-${platform})`);
  return undefined;
}

async function threadsOf(addon: Addon): Promise<number> {
  const { availableParallelism } = await import('node:os');
  const processors = availableParallelism();
  return Math.min(addon.cores() || processors, processors);
}
