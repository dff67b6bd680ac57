import { BackendError } from '@dl/tensor';
import type { Engine } from './engine.ts';
import { openNative } from './openNative.ts';
import { openWasm } from './openWasm.ts';

export interface EngineOptions {
  /** Only this kind; else native where it can be, WebAssembly where not. */
  readonly engine?: 'native' | 'wasm' | undefined;
  /** Only this instruction set. */
  readonly variant?: Variant | undefined;
  /** As many as there are cores by default. */
  readonly threads?: number | undefined;
}

/** Instruction sets of native code, and then of WebAssembly: the faster come first. */
export type Variant = 'avx512' | 'avx2' | 'neon' | 'relaxed simd' | 'simd';

export interface OpenedEngine {
  readonly engine: Engine;
  /** Why better engines were not taken, one sentence each. */
  readonly reasons: readonly string[];
}

type Opener = (variants: readonly Variant[], threads: number | undefined, reasons: string[]) => Promise<Engine | undefined>;
type Kind = Engine['kind'];

const openers: { readonly [K in Kind]: Opener } = { native: openNative, wasm: openWasm };
const variantsOf: { readonly [K in Kind]: readonly Variant[] } = { native: ['avx512', 'avx2', 'neon'], wasm: ['relaxed simd', 'simd'] };
const kinds: readonly Kind[] = ['native', 'wasm'];

/** What the environment variable DL_CPU may say. */
const forced: Readonly<Record<string, Variant>> = {
  avx512: 'avx512',
  avx2: 'avx2',
  neon: 'neon',
  'wasm-relaxed': 'relaxed simd',
  wasm: 'simd',
};

/**
 * The fastest engine that runs here, within the options; without options, what `DL_CPU` names.
 *
 * @throws BackendError if there is none.
 */
export async function openEngine(options: EngineOptions = {}): Promise<OpenedEngine> {
  const variant = options.variant ?? (options.engine === undefined ? variantOfEnvironment() : undefined);
  const reasons: string[] = [];
  for (const kind of kinds) {
    const variants = variantsOf[kind].filter((name) => variant === undefined || name === variant);
    if (variants.length === 0 || (options.engine !== undefined && options.engine !== kind)) continue;
    const engine = await openers[kind](variants, options.threads, reasons);
    if (engine !== undefined) return { engine, reasons };
  }
  throw new BackendError(
    `cpu: ${variant ?? options.engine ?? 'nothing'} cannot run here${reasons.map((reason) => `; ${reason}`).join('')}`,
  );
}

function variantOfEnvironment(): Variant | undefined {
  const name = globalThis.process?.env?.DL_CPU;
  if (name === undefined || name === '') return undefined;
  const variant = forced[name];
  if (variant === undefined) throw new BackendError(`cpu: DL_CPU must be one of ${Object.keys(forced).join(', ')}; got '${name}'`);
  return variant;
}
