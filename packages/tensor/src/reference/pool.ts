import { allocate, bytesOf, type TypedArray, viewOf } from '../dtype.ts';
import { sizeOf, type TensorSpec } from '../shape.ts';
import type { ReferenceBuffer } from './buffer.ts';

/** At most this much waits for reuse. */
const keptBytes = 2 ** 28;

/**
 * Memory of freed buffers, by size: a fresh array costs four times what writing it does. Buffers that nobody frees are the
 * collector's. (A FinalizationRegistry that counted them kept every buffer alive until the next full collection.)
 */
export class Pool {
  /** Bytes that wait for reuse, and the most there ever were. */
  kept = 0;
  peak = 0;
  private readonly poison: boolean;
  private readonly free = new Map<number, ArrayBuffer[]>();

  constructor(poison: boolean) {
    this.poison = poison;
  }

  /** Uninitialised elements. */
  take({ shape, dtype }: TensorSpec): TypedArray {
    const length = sizeOf(shape);
    const bytes = length * bytesOf[dtype];
    const buffer = this.free.get(bytes)?.pop();
    if (buffer === undefined) return allocate(dtype, length);
    this.kept -= bytes;
    return viewOf(dtype, buffer, 0, length);
  }

  release(buffer: ReferenceBuffer): void {
    const { data } = buffer;
    if (data === null) return;
    buffer.data = null;
    this.keep(data);
  }

  private keep(data: TypedArray): void {
    const whole = data.byteLength === data.buffer.byteLength;
    if (!whole || this.kept + data.byteLength > keptBytes) return;
    if (this.poison) new Uint8Array(data.buffer).fill(0xff);
    this.kept += data.byteLength;
    this.peak = Math.max(this.peak, this.kept);
    const list = this.free.get(data.byteLength);
    if (list === undefined) this.free.set(data.byteLength, [data.buffer]);
    else list.push(data.buffer);
  }
}
