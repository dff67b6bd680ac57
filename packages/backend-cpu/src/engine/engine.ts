import type { TypedArray } from '@dl/tensor';

/** Elements that an engine keeps. */
export interface Memory {
  readonly bytes: number;
}

/** A program that an engine has taken in. */
export interface LoadedPlan {
  readonly scratchBytes: number;
  /** Frees what the plan holds, after its last enqueued run. Idempotent. */
  release(): void;
}

/** Why a run stopped: operand `operand` of instruction `instruction` holds the bad index `index` at element `position`. */
export interface Failure {
  readonly instruction: number;
  readonly operand: number;
  readonly position: number;
  readonly index: number;
}

/** Bytes: of memory that the engine keeps, of scratch, and the most there was of both together. */
export interface Usage {
  readonly live: number;
  readonly scratch: number;
  readonly peak: number;
}

/** Limits of the machine: multiply-adds on registers (two operations each), and copies between arrays larger than the caches. */
export interface Peak {
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** What runs programs: the C interpreter, native or in WebAssembly. */
export interface Engine {
  readonly kind: 'native' | 'wasm';
  /** Instruction set: `avx512`, `avx2`, `neon`, `relaxed simd` or `simd`. */
  readonly variant: string;
  readonly threads: number;
  /** Names of the kernels; programs hold their positions. */
  readonly kernels: readonly string[];
  /** Memory with undefined content. `resident`: it outlives many runs. */
  allocate(bytes: number, resident: boolean): Memory;
  /** Memory with the elements of `array`, which may be kept: it belongs to the engine from now on. */
  adopt(array: TypedArray): Memory;
  /** The bytes as they are now, valid until the next call of the engine. */
  view(memory: Memory): Uint8Array;
  /** Takes memory back after the last run enqueued so far. Idempotent. */
  free(memory: Memory): void;
  load(program: Int32Array, scratchBytes: number): LoadedPlan;
  /** Runs a plan now, after all enqueued runs. `times` gets the seconds of each instruction added. */
  run(plan: LoadedPlan, inputs: readonly Memory[], outputs: readonly Memory[], scalars: Float64Array, times?: Float64Array): Failure | null;
  /** Runs a plan off the main thread, first in first out; absent where the engine cannot. `scalars` are copied at once. */
  enqueue?(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times?: Float64Array,
  ): Promise<Failure | null>;
  /** Enqueued runs that have not finished. */
  readonly pending: number;
  /** Waits for the enqueued runs. */
  drain(): void;
  usage(): Usage;
  /** What the threads of this engine can do together, measured at the first call. */
  peak(): Peak;
}
