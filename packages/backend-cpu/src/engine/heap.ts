import { BackendError } from '@dl/tensor';
import type { LinearMemory } from './instance.ts';

const alignment = 64;
const pageBytes = 65536;
/** Grows by at least this share, since growing detaches every view. */
const growth = 1 / 4;

interface Gap {
  start: number;
  end: number;
}

/** Blocks of a WebAssembly memory, which grows when they don't fit. Gaps are kept in order and merge with their neighbours. */
export class Heap {
  readonly #memory: LinearMemory;
  readonly #sizes = new Map<number, number>();
  readonly #gaps: Gap[] = [];
  #used = 0;

  constructor(memory: LinearMemory, start: number) {
    this.#memory = memory;
    this.#addGap(roundedUp(start), memory.buffer.byteLength);
  }

  /** Bytes in blocks. */
  get used(): number {
    return this.#used;
  }

  /** The address of a new block, aligned to 64. */
  allocate(bytes: number): number {
    const size = blockBytes(bytes);
    const gap = this.#fitting(size) ?? this.#grow(size);
    const address = gap.start;
    gap.start += size;
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#sizes.set(address, size);
    this.#used += size;
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) return;
    this.#sizes.delete(address);
    this.#used -= size;
    this.#addGap(address, address + size);
  }

  /** The bytes of a block, as long as nobody allocates. */
  bytesAt(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, bytes);
  }

  /** The smallest gap that is large enough. */
  #fitting(size: number): Gap | undefined {
    let best: Gap | undefined;
    for (const gap of this.#gaps) {
      const room = gap.end - gap.start;
      if (room >= size && (best === undefined || room < best.end - best.start)) best = gap;
    }
    return best;
  }

  #grow(size: number): Gap {
    const end = this.#memory.buffer.byteLength;
    const last = this.#gaps.at(-1);
    const missing = size - (last !== undefined && last.end === end ? end - last.start : 0);
    if (!this.#growBy(Math.max(missing, end * growth)) && !this.#growBy(missing))
      throw new BackendError(`cpu: out of memory: WebAssembly has ${end} bytes and cannot have ${missing} more`);
    this.#addGap(end, this.#memory.buffer.byteLength);
    return this.#gaps.at(-1) ?? { start: end, end };
  }

  #growBy(bytes: number): boolean {
    try {
      this.#memory.grow(Math.ceil(bytes / pageBytes));
      return true;
    } catch {
      return false;
    }
  }

  #addGap(start: number, end: number): void {
    const position = this.#gapsBefore(start);
    const before = this.#gaps[position - 1];
    const after = this.#gaps[position];
    const joined = { start: before?.end === start ? before.start : start, end: after?.start === end ? after.end : end };
    const first = before?.end === start ? position - 1 : position;
    const last = after?.start === end ? position + 1 : position;
    if (joined.end > joined.start) this.#gaps.splice(first, last - first, joined);
  }

  #gapsBefore(address: number): number {
    let low = 0;
    let high = this.#gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#gaps[middle]?.start ?? 0) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function roundedUp(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** What a block for so many bytes takes. */
export function blockBytes(bytes: number): number {
  return Math.max(alignment, roundedUp(bytes));
}
