import { instantiate, isValid } from './instance.ts';
import type { Variant } from './open.ts';
import { WasmEngine } from './wasm.ts';

/** Modules of scripts/wasm.mjs by variant, loaded when they are needed. */
const modules: { readonly [V in Variant]?: () => Promise<{ readonly base64: string }> } = {
  'relaxed simd': () => import('./generated/relaxed.ts'),
  simd: () => import('./generated/plain.ts'),
};

/** The first of these variants that WebAssembly here understands; the reasons why not are added. */
export async function openWasm(
  variants: readonly Variant[],
  _threads: number | undefined,
  reasons: string[],
): Promise<WasmEngine | undefined> {
  if (variants.includes('relaxed simd')) await allowRelaxedSimd();
  for (const variant of variants) {
    const base64 = (await modules[variant]?.())?.base64 ?? '';
    const bytes = bytesOf(base64);
    if (base64 === '') reasons.push(`WebAssembly (${variant}) was not built: npm run build`);
    else if (!isValid(bytes)) reasons.push(`WebAssembly here has no ${variant}`);
    else return new WasmEngine(await instantiate(bytes), variant);
  }
  return undefined;
}

/** i32x4.relaxed_trunc_f32x4_s of zeros: a module that is valid only where relaxed SIMD is on. */
const probe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 5, 1, 96, 0, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 25, 1, 23, 0, 253, 12, ...Array<number>(16).fill(0), 253, 129, 2, 11],
);

/** Node 20 has relaxed SIMD behind a flag, which later ones don't know. Browsers have no flags. */
async function allowRelaxedSimd(): Promise<void> {
  if (isValid(probe) || globalThis.process?.versions?.node === undefined) return;
  try {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  } catch {
    // Another runtime than Node, without flags.
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
