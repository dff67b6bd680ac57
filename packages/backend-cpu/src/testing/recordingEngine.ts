import type { TypedArray } from '@dl/tensor';
import type { Engine, Failure, LoadedPlan, Memory, Peak, Usage } from '../engine/engine.ts';

/**
 * An engine that notes every run in the form that scripts/replay.c reads, so that kernels can be looked at without Node. All numbers
 * are int64, all blocks are padded to 8 bytes: [words, scratch bytes, inputs, outputs, scalars], the program, then for each input
 * its bytes and for each output the input that it takes the place of (-1: none), each behind its length, and the scalars.
 */
export class RecordingEngine implements Engine {
  readonly kind: Engine['kind'];
  readonly variant: string;
  readonly threads: number;
  readonly kernels: readonly string[];
  readonly #inner: Engine;
  readonly #note: (block: Uint8Array) => void;
  readonly #programs = new Map<LoadedPlan, Int32Array>();

  /** `note` gets the blocks of a recording, in order. */
  constructor(inner: Engine, note: (block: Uint8Array) => void) {
    this.kind = inner.kind;
    this.variant = inner.variant;
    this.threads = inner.threads;
    this.kernels = inner.kernels;
    this.#inner = inner;
    this.#note = note;
  }

  get pending(): number {
    return this.#inner.pending;
  }

  allocate(bytes: number, resident: boolean): Memory {
    return this.#inner.allocate(bytes, resident);
  }

  adopt(array: TypedArray): Memory {
    return this.#inner.adopt(array);
  }

  view(memory: Memory): Uint8Array {
    return this.#inner.view(memory);
  }

  free(memory: Memory): void {
    this.#inner.free(memory);
  }

  load(program: Int32Array, scratchBytes: number): LoadedPlan {
    const plan = this.#inner.load(program, scratchBytes);
    this.#programs.set(plan, program.slice());
    return plan;
  }

  run(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times?: Float64Array,
  ): Failure | null {
    const program = this.#programs.get(plan) ?? new Int32Array(0);
    this.#note(numbers(program.length, plan.scratchBytes, inputs.length, outputs.length, scalars.length));
    this.#note(padded(program));
    for (const input of inputs) this.#noteAll(numbers(input.bytes), padded(this.#inner.view(input)));
    for (const output of outputs) this.#note(numbers(output.bytes, inputs.indexOf(output)));
    this.#note(padded(scalars));
    return this.#inner.run(plan, inputs, outputs, scalars, times);
  }

  drain(): void {
    this.#inner.drain();
  }

  usage(): Usage {
    return this.#inner.usage();
  }

  peak(): Peak {
    return this.#inner.peak();
  }

  #noteAll(...blocks: readonly Uint8Array[]): void {
    for (const block of blocks) this.#note(block);
  }
}

function numbers(...values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}

function padded({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  const block = new Uint8Array(Math.ceil(byteLength / 8) * 8);
  block.set(new Uint8Array(buffer, byteOffset, byteLength));
  return block;
}
