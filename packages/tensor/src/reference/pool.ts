import { allocate, bytesOf, type TypedArray, viewOf } from '../dtype.ts';
import { sizeOf, type TensorSpec } from '../shape.ts';
import type { ReferenceBuffer } from './buffer.ts';

/** At most this much waits for reuse. */
const keptBytes = 2 ** 28;

/** Memory of freed buffers, by size: a fresh array costs four times what writing it does. Buffers that nobody frees are the collector's. */
export class Pool {
  live = 0;
  peak = 0;
  private kept = 0;
  private readonly poison: boolean;
  private readonly free = new Map<number, ArrayBuffer[]>();
  private readonly collected = new FinalizationRegistry<{ bytes: number }>((record) => {
    this.live -= record.bytes;
  });
  private readonly records = new WeakMap<ReferenceBuffer, { bytes: number }>();

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

  /** Counts a buffer among the live ones. */
  count(buffer: ReferenceBuffer): ReferenceBuffer {
    const record = { bytes: buffer.data?.byteLength ?? 0 };
    this.live += record.bytes;
    this.peak = Math.max(this.peak, this.live);
    this.records.set(buffer, record);
    this.collected.register(buffer, record);
    return buffer;
  }

  release(buffer: ReferenceBuffer): void {
    const { data } = buffer;
    const record = this.records.get(buffer);
    if (data === null || record === undefined) return;
    buffer.data = null;
    this.live -= record.bytes;
    record.bytes = 0;
    this.keep(data);
  }

  private keep(data: TypedArray): void {
    const whole = data.byteLength === data.buffer.byteLength;
    if (!whole || this.kept + data.byteLength > keptBytes) return;
    if (this.poison) new Uint8Array(data.buffer).fill(0xff);
    this.kept += data.byteLength;
    const list = this.free.get(data.byteLength);
    if (list === undefined) this.free.set(data.byteLength, [data.buffer]);
    else list.push(data.buffer);
  }
}
