import { ArgumentError, type Backend } from '@dl/tensor';
import { CpuBackend } from './backend.ts';
import { type EngineOptions, openEngine } from './engine/open.ts';

export interface CpuOptions {
  /** Only this: native code, or WebAssembly. Without it native code runs where it can, and WebAssembly elsewhere. */
  readonly engine?: EngineOptions['engine'];
  /** Only this instruction set; the best that the processor has by default. */
  readonly variant?: EngineOptions['variant'];
  /** Threads that run a plan together; as many as there are processors by default. Results are the same bits with any number. */
  readonly threads?: number | undefined;
  /**
   * Plans that are expected to take more milliseconds than this run off the main thread, where native code runs: timers and
   * requests are served meanwhile. 3 by default; 0: all plans, Infinity: none.
   */
  readonly longRun?: number | undefined;
}

/**
 * Opens the processor: native kernels for AVX-512, AVX2 or NEON, else WebAssembly, in browsers too. `description` says which,
 * with how many threads, and why nothing better; where WebAssembly takes the place of native code in Node, one line on stderr
 * says so. The environment variable `DL_CPU` (`avx512 avx2 neon wasm-relaxed wasm`) forces one. PyTorch: `torch.device('cpu')`.
 *
 * @throws ArgumentError for options that are none.
 * @throws BackendError if what the options ask for cannot run here.
 * @example useBackend(await cpu());
 */
export async function cpu(options: CpuOptions = {}): Promise<Backend> {
  const { threads, longRun = 3 } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads))
    throw new ArgumentError(`cpu: threads must be a whole number from 1 to ${mostThreads}; got ${String(threads)}`);
  if (!(longRun >= 0)) throw new ArgumentError(`cpu: longRun must be a number of milliseconds from 0 up; got ${String(longRun)}`);
  const { engine, reasons } = await openEngine(options);
  const what = engine.kind === 'native' ? `native ${engine.variant}` : `WebAssembly (${engine.variant})`;
  const description = `${what}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`;
  if (engine.kind === 'wasm' && reasons.length > 0)
    console.warn(`@dl/backend-cpu: ${what} runs in the place of native code: ${reasons.join('; ')}`);
  return new CpuBackend(engine, reasons.length === 0 ? description : `${description} (${reasons.join('; ')})`, longRun / 1000);
}

const mostThreads = 256;
