import { BackendError, type TypedArray } from '@dl/tensor';
import { internalError } from '@dl/tensor/internal';
import type { Addon, EngineHandle, FailureNumbers, PlanHandle, RunArguments } from './addon.ts';
import type { Engine, Failure, LoadedPlan, Memory, Peak, Usage } from './engine.ts';
import { MemoryPool } from './memoryPool.ts';
import { measurePeak } from './peak.ts';

const poolCapacity = 256 * 2 ** 20;
/** Vectors that lie across two cache lines take twice as long to load. */
const cacheLine = 64;
const worthAligning = 1024;
/** Forgotten memory of so many bytes or more is worth a finalizer: to touch as much anew costs more than most kernels that fill it. */
const worthKeeping = 2 ** 18;

/**
 * Runs plans in a native addon, in place on JavaScript's memory. Its array buffers are never handed out, so nobody can detach or
 * resize one while a thread works on it. (Shared ones, which cannot be detached, are invisible to the collector's accounts: forgotten
 * ones pile up.)
 */
export class NativeEngine implements Engine {
  readonly kind = 'native';
  readonly variant: string;
  readonly threads: number;
  readonly kernels: readonly string[];
  readonly #addon: Addon;
  readonly #handle: EngineHandle;
  readonly #pool = new MemoryPool(poolCapacity);
  /** What enqueued runs work on, kept from the collector. */
  readonly #running = new Set<RunArguments>();
  /** Takes back large results that nobody freed. */
  readonly #forgotten = new FinalizationRegistry<Uint8Array>((elements) => this.#pool.give(elements, this.#enqueued));
  #enqueued = 0;
  #scratch = 0;
  #peak = 0;
  #measured: Peak | undefined;

  constructor(addon: Addon, variant: string, threads: number) {
    this.variant = variant;
    this.threads = threads;
    this.kernels = addon.kernels();
    this.#addon = addon;
    this.#handle = addon.open(threads);
  }

  get pending(): number {
    return this.#addon.pending(this.#handle);
  }

  allocate(bytes: number, resident: boolean): Memory {
    // Runs are first in first out: whatever still uses the array is done before it is written again.
    const memory = this.#memory(bytes, this.#enqueued);
    if (!resident && bytes >= worthKeeping) this.#forgotten.register(memory, memory.elements, memory);
    return memory;
  }

  adopt(array: TypedArray): Memory {
    const memory = this.#memory(array.byteLength, this.#enqueued - this.pending);
    memory.elements.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return memory;
  }

  view(memory: Memory): Uint8Array {
    return ownMemory(memory).elements;
  }

  free(memory: Memory): void {
    const own = ownMemory(memory);
    if (own.isFreed) return;
    this.#forgotten.unregister(own);
    this.#pool.give(own.elements, this.#enqueued);
    own.release();
    this.#note();
  }

  load(program: Int32Array, scratchBytes: number): LoadedPlan {
    return new NativePlan(this.#addon, this.#addon.load(program, scratchBytes), scratchBytes);
  }

  run(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times?: Float64Array,
  ): Failure | null {
    const run = this.#argumentsOf(plan, inputs, outputs, scalars, times);
    try {
      return failureOf(this.#addon.run(...run));
    } catch (error) {
      throw explain(error, plan);
    }
  }

  async enqueue(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times?: Float64Array,
  ): Promise<Failure | null> {
    const run = this.#argumentsOf(plan, inputs, outputs, scalars, times);
    this.#running.add(run);
    try {
      const failure = this.#addon.enqueue(...run);
      this.#enqueued++;
      return failureOf(await failure);
    } catch (error) {
      throw explain(error, plan);
    } finally {
      this.#running.delete(run);
    }
  }

  drain(): void {
    this.#addon.drain(this.#handle);
  }

  usage(): Usage {
    return { live: this.#pool.bytes, scratch: this.#scratch, peak: this.#peak };
  }

  peak(): Peak {
    this.#measured ??= measurePeak(this);
    return this.#measured;
  }

  #memory(bytes: number, finished: number): NativeMemory {
    return new NativeMemory(this.#pool.take(bytes, finished) ?? this.#fresh(bytes));
  }

  #fresh(bytes: number): Uint8Array {
    if (bytes < worthAligning) return freshArray(bytes);
    const whole = freshArray(bytes + cacheLine - 1);
    return whole.subarray(this.#addon.prepare(whole)).subarray(0, bytes);
  }

  #argumentsOf(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times: Float64Array | undefined,
  ): RunArguments {
    const { handle, scratchBytes } = ownPlan(plan);
    this.#scratch = Math.max(this.#scratch, scratchBytes);
    this.#note();
    return [this.#handle, handle, inputs.map(elementsOf), outputs.map(elementsOf), scalars, times];
  }

  #note(): void {
    this.#peak = Math.max(this.#peak, this.#pool.bytes + this.#scratch);
  }
}

class NativeMemory implements Memory {
  #elements: Uint8Array | null;

  constructor(elements: Uint8Array) {
    this.#elements = elements;
  }

  get elements(): Uint8Array {
    if (this.#elements === null) throw internalError('cpu: memory was used after it was freed');
    return this.#elements;
  }

  get isFreed(): boolean {
    return this.#elements === null;
  }

  get bytes(): number {
    return this.#elements?.byteLength ?? 0;
  }

  release(): void {
    this.#elements = null;
  }
}

class NativePlan implements LoadedPlan {
  readonly handle: PlanHandle;
  readonly scratchBytes: number;
  readonly #addon: Addon;

  constructor(addon: Addon, handle: PlanHandle, scratchBytes: number) {
    this.#addon = addon;
    this.handle = handle;
    this.scratchBytes = scratchBytes;
  }

  release(): void {
    this.#addon.release(this.handle);
  }
}

function ownMemory(memory: Memory): NativeMemory {
  if (memory instanceof NativeMemory) return memory;
  throw internalError('cpu: memory of another engine');
}

function ownPlan(plan: LoadedPlan): NativePlan {
  if (plan instanceof NativePlan) return plan;
  throw internalError('cpu: a plan of another engine');
}

function elementsOf(memory: Memory): Uint8Array {
  return ownMemory(memory).elements;
}

function freshArray(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch {
    throw new BackendError(`cpu: out of memory: an array needs ${bytes} bytes`);
  }
}

function explain(error: unknown, { scratchBytes }: LoadedPlan): unknown {
  const isMemory = error instanceof Error && error.message === 'out of memory';
  return isMemory ? new BackendError(`cpu: out of memory: a plan needs ${scratchBytes} bytes for values in between`) : error;
}

function failureOf(numbers: FailureNumbers | null): Failure | null {
  if (numbers === null) return null;
  const [instruction, operand, position, index] = numbers;
  return { instruction, operand, position, index };
}
