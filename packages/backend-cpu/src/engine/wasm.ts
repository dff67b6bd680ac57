import type { TypedArray } from '@dl/tensor';
import { internalError } from '@dl/tensor/internal';
import type { Engine, Failure, LoadedPlan, Memory, Peak, Usage } from './engine.ts';
import { blockBytes, Heap, roundedUp } from './heap.ts';
import type { Exports } from './instance.ts';
import { measurePeak } from './peak.ts';

/**
 * Runs plans in WebAssembly, on this thread. Resident memory lies in linear memory; other values are JavaScript arrays, copied in at
 * the start of a run and out at its end, so that they are the collector's. An input that comes a second time becomes resident.
 */
export class WasmEngine implements Engine {
  readonly kind = 'wasm';
  readonly variant: string;
  readonly threads = 1;
  readonly kernels: readonly string[];
  readonly pending = 0;
  readonly #exports: Exports;
  readonly #heap: Heap;
  readonly #arena: Region;
  readonly #stage: Region;
  /** Frees blocks of memories that were forgotten. */
  readonly #forgotten = new FinalizationRegistry<number>((address) => this.#heap.free(address));
  #peak = 0;
  #measured: Peak | undefined;

  constructor(exports: Exports, variant: string) {
    this.variant = variant;
    this.#exports = exports;
    this.#heap = new Heap(exports.memory, Number(exports.__heap_base.value));
    this.#arena = new Region(this.#heap);
    this.#stage = new Region(this.#heap);
    this.kernels = Array.from({ length: exports.kernelCount() }, (_, i) => this.#textAt(exports.kernelName(i) >>> 0));
  }

  allocate(bytes: number, resident: boolean): Memory {
    const memory = new WasmMemory(bytes);
    if (resident) this.#settle(memory);
    return memory;
  }

  adopt(array: TypedArray): Memory {
    const memory = new WasmMemory(array.byteLength);
    memory.elements = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    return memory;
  }

  view(memory: Memory): Uint8Array {
    const own = ownMemory(memory);
    if (own.address !== null) return this.#heap.bytesAt(own.address, own.bytes);
    own.elements ??= new Uint8Array(own.bytes);
    return own.elements;
  }

  free(memory: Memory): void {
    const own = anyMemory(memory);
    this.#forgotten.unregister(own);
    if (own.address !== null) this.#heap.free(own.address);
    own.address = null;
    own.elements = null;
    own.isFreed = true;
  }

  load(program: Int32Array, scratchBytes: number): LoadedPlan {
    const words = this.#heap.allocate(program.byteLength);
    this.#heap.bytesAt(words, program.byteLength).set(new Uint8Array(program.buffer, program.byteOffset, program.byteLength));
    const bytes = this.#exports.planBytes(words, program.length);
    if (bytes === 0) throw internalError('cpu: not a program of these kernels');
    const address = this.#heap.allocate(bytes);
    this.#exports.planOpen(address, words, program.length);
    const needs = Array.from(new Int32Array(this.#exports.memory.buffer, this.#exports.planNeeds(address) >>> 0, 4));
    return new WasmPlan(this.#heap, address, words, scratchBytes, needs);
  }

  run(
    plan: LoadedPlan,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
    scalars: Float64Array,
    times?: Float64Array,
  ): Failure | null {
    const own = ownPlan(plan);
    const run = { inputs: inputs.map(ownMemory), outputs: outputs.map(ownMemory), scalars, times };
    checkNeeds(own, run);
    for (const memory of run.inputs) if (memory.uses++ > 0 || run.outputs.includes(memory)) this.#settle(memory);
    const arena = this.#arena.atLeast(own.scratchBytes);
    const layout = layoutOf(run);
    const stage = this.#stage.atLeast(layout.bytes);
    this.#note();
    this.#copyIn(run, layout, stage);
    const at = (offset: number) => stage + offset;
    const timesAt = times === undefined ? 0 : at(layout.times);
    const failed = this.#exports.run(own.address, at(layout.inputs), at(layout.outputs), at(layout.scalars), arena, timesAt);
    if (times !== undefined) this.#addTimes(times, timesAt);
    if (failed !== 0) return this.#failure();
    for (const memory of run.outputs) if (memory.address === null) this.#copyOut(memory, at(layout.staged.get(memory) ?? 0));
    return null;
  }

  drain(): void {}

  usage(): Usage {
    const scratch = this.#arena.bytes + this.#stage.bytes;
    return { live: this.#heap.used - scratch, scratch, peak: this.#peak };
  }

  peak(): Peak {
    this.#measured ??= measurePeak(this);
    return this.#measured;
  }

  /** Gives a memory a block, with its elements if it has any. */
  #settle(memory: WasmMemory): void {
    if (memory.address !== null) return;
    const address = this.#heap.allocate(memory.bytes);
    if (memory.elements !== null) this.#heap.bytesAt(address, memory.bytes).set(memory.elements);
    memory.address = address;
    memory.elements = null;
    this.#forgotten.register(memory, address, memory);
    this.#note();
  }

  #copyIn({ inputs, outputs, scalars, times }: StagedRun, layout: Layout, stage: number): void {
    const { buffer } = this.#exports.memory;
    const addressOf = (memory: WasmMemory) => memory.address ?? stage + (layout.staged.get(memory) ?? 0);
    new Uint32Array(buffer, stage + layout.inputs, inputs.length).set(inputs.map(addressOf));
    new Uint32Array(buffer, stage + layout.outputs, outputs.length).set(outputs.map(addressOf));
    new Float64Array(buffer, stage + layout.scalars, scalars.length).set(scalars);
    new Float64Array(buffer, stage + layout.times, times?.length ?? 0).fill(0);
    for (const memory of inputs)
      if (memory.address === null && memory.elements !== null) new Uint8Array(buffer, addressOf(memory), memory.bytes).set(memory.elements);
  }

  #copyOut(memory: WasmMemory, address: number): void {
    memory.elements = this.#heap.bytesAt(address, memory.bytes).slice();
  }

  #addTimes(times: Float64Array, address: number): void {
    const seconds = new Float64Array(this.#exports.memory.buffer, address, times.length);
    seconds.forEach((value, i) => {
      times[i] = (times[i] ?? 0) + value;
    });
  }

  #failure(): Failure {
    const [instruction = 0, operand = 0, position = 0, index = 0] = new Float64Array(
      this.#exports.memory.buffer,
      this.#exports.report() >>> 0,
      4,
    );
    return { instruction, operand, position, index };
  }

  #textAt(address: number): string {
    const bytes = new Uint8Array(this.#exports.memory.buffer, address);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  }

  #note(): void {
    this.#peak = Math.max(this.#peak, this.#heap.used);
  }
}

class WasmMemory implements Memory {
  readonly bytes: number;
  /** Of its block, if it is resident. */
  address: number | null = null;
  /** If it is not; null until somebody wrote them. */
  elements: Uint8Array | null = null;
  /** Runs that had it as an input. */
  uses = 0;
  isFreed = false;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

class WasmPlan implements LoadedPlan {
  readonly address: number;
  readonly scratchBytes: number;
  /** Instructions, inputs, outputs, scalars. */
  readonly needs: readonly number[];
  isReleased = false;
  readonly #heap: Heap;
  readonly #words: number;

  constructor(heap: Heap, address: number, words: number, scratchBytes: number, needs: readonly number[]) {
    this.needs = needs;
    this.#heap = heap;
    this.address = address;
    this.#words = words;
    this.scratchBytes = scratchBytes;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.#heap.free(this.address);
    this.#heap.free(this.#words);
  }
}

/** A block that is replaced by a larger one when it is too small. */
class Region {
  readonly #heap: Heap;
  #address: number | null = null;
  #bytes = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The address; what was there is lost if it grows. */
  atLeast(bytes: number): number {
    if (this.#address !== null && bytes <= this.#bytes) return this.#address;
    if (this.#address !== null) this.#heap.free(this.#address);
    this.#address = null;
    this.#bytes = 0;
    this.#address = this.#heap.allocate(bytes);
    this.#bytes = blockBytes(bytes);
    return this.#address;
  }
}

interface StagedRun {
  readonly inputs: readonly WasmMemory[];
  readonly outputs: readonly WasmMemory[];
  readonly scalars: Float64Array;
  readonly times: Float64Array | undefined;
}

/** Offsets in the stage: of lists of addresses, numbers, and memories that are not resident. */
interface Layout {
  readonly inputs: number;
  readonly outputs: number;
  readonly scalars: number;
  readonly times: number;
  readonly staged: ReadonlyMap<WasmMemory, number>;
  readonly bytes: number;
}

function layoutOf({ inputs, outputs, scalars, times }: StagedRun): Layout {
  let end = 0;
  const place = (bytes: number): number => {
    const start = end;
    end += roundedUp(bytes);
    return start;
  };
  const lists = {
    inputs: place(4 * inputs.length),
    outputs: place(4 * outputs.length),
    scalars: place(scalars.byteLength),
    times: place(times?.byteLength ?? 0),
  };
  const staged = new Map<WasmMemory, number>();
  for (const memory of [...inputs, ...outputs]) if (memory.address === null && !staged.has(memory)) staged.set(memory, place(memory.bytes));
  return { ...lists, staged, bytes: end };
}

function anyMemory(memory: Memory): WasmMemory {
  if (memory instanceof WasmMemory) return memory;
  throw internalError('cpu: memory of another engine');
}

function ownMemory(memory: Memory): WasmMemory {
  const own = anyMemory(memory);
  if (own.isFreed) throw internalError('cpu: memory was used after it was freed');
  return own;
}

function ownPlan(plan: LoadedPlan): WasmPlan {
  if (!(plan instanceof WasmPlan)) throw internalError('cpu: a plan of another engine');
  if (plan.isReleased) throw internalError('cpu: a plan was run after its release');
  return plan;
}

function checkNeeds({ needs }: WasmPlan, { times, inputs, outputs, scalars }: StagedRun): void {
  const brought = [times?.length ?? Number.POSITIVE_INFINITY, inputs.length, outputs.length, scalars.length];
  if (needs.some((count, i) => (brought[i] ?? 0) < count)) throw internalError('cpu: a run lacks inputs, outputs, scalars or times');
}
