import type { Elements, GpuMode, KernelArgument } from './gpujs.ts';
import type { Program } from './kernels/program.ts';

/** Elements on the device, before anybody counts their holders. */
export interface Handle {
  /** What a kernel's array seat takes. */
  readonly argument: KernelArgument;
  /** The elements as they are after all work issued so far; issued at once, and so safe against a later `free`. */
  readonly read: () => Promise<Elements>;
  readonly free: () => void;
}

/** gpu.js in one of its modes: what differs between them. */
export interface Engine {
  readonly mode: GpuMode;
  readonly description: string;
  /** The greatest number of elements of one tensor. */
  readonly maxElements: number;
  readonly upload: (elements: Elements) => Handle;
  /** Runs a program, one thread an element. Programs of one key are built once. */
  readonly launch: (program: Program, size: number, args: readonly KernelArgument[]) => Promise<Handle>;
  /** Waits until the device has done what was issued some time ago, so that it takes back freed memory; lets timers run. */
  readonly settle: () => Promise<void>;
  /** Runs work and rejects if the device found fault with any of it. Calls do not overlap. */
  readonly guard: (work: () => Promise<void>) => Promise<void>;
  /** The same for work that is issued at once: the device's verdict. */
  readonly verdict: (work: () => void) => Promise<Error | null>;
}

/**
 * Whole numbers are exact in float32 up to here, and gpu.js keeps every local index as one: no tensor has more elements,
 * and no integer a greater value.
 */
export const exactLimit = 2 ** 24;

/** Bytes on the device: all, those of buffers, and the most there ever were. */
export class Meter {
  total = 0;
  live = 0;
  peak = 0;

  add(bytes: number): void {
    this.total += bytes;
    this.peak = Math.max(this.peak, this.total);
  }
}

/** A handle with its holders: freed when the last one lets go. */
export class DeviceArray {
  readonly size: number;
  readonly bytes: number;
  private readonly handle: Handle;
  private readonly meter: Meter;
  private holders = 1;
  /** Buffers among the holders: several may share an array. */
  private buffers = 0;

  constructor(handle: Handle, size: number, meter: Meter) {
    this.handle = handle;
    this.size = size;
    this.bytes = deviceBytes(size);
    this.meter = meter;
    meter.add(this.bytes);
  }

  get argument(): KernelArgument {
    this.checkAlive();
    return this.handle.argument;
  }

  read(): Promise<Elements> {
    this.checkAlive();
    return this.handle.read();
  }

  retain(): DeviceArray {
    this.checkAlive();
    this.holders++;
    return this;
  }

  release(): void {
    this.checkAlive();
    if (--this.holders > 0) return;
    this.meter.add(-this.bytes);
    this.handle.free();
  }

  /** Takes over a hold in the name of a buffer, until `releaseFromBuffer`. */
  keepInBuffer(): void {
    if (this.buffers++ === 0) this.meter.live += this.bytes;
  }

  releaseFromBuffer(): void {
    if (--this.buffers === 0) this.meter.live -= this.bytes;
    this.release();
  }

  /** The device may hand out recycled elements without a word, so the check is ours. */
  private checkAlive(): void {
    if (this.holders === 0) throw new Error('internal: gpu: a device array was used after it was freed');
  }
}

/** An empty tensor takes one element: devices have no empty buffers. */
function deviceBytes(size: number): number {
  return Math.max(size, 1) * 4;
}
