interface Entry {
  readonly array: Uint8Array;
  /** Runs up to this number may still use the array. */
  readonly busyUntil: number;
}

/** Freed arrays by size: to touch fresh memory the first time costs more than most kernels. */
export class MemoryPool {
  readonly #bySize = new Map<number, Entry[]>();
  readonly #capacity: number;
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** An array of this size that no run after number `finished` uses; the one given last, since it may still be in a cache. */
  take(bytes: number, finished: number): Uint8Array | undefined {
    const entries = this.#bySize.get(bytes);
    const position = entries?.findLastIndex(({ busyUntil }) => busyUntil <= finished) ?? -1;
    const [entry] = position === -1 || entries === undefined ? [] : entries.splice(position, 1);
    if (entry !== undefined) this.#bytes -= bytes;
    return entry?.array;
  }

  give(array: Uint8Array, busyUntil: number): void {
    const bytes = array.byteLength;
    if (bytes === 0 || bytes > this.#capacity) return;
    this.#shrinkTo(this.#capacity - bytes);
    const entries = this.#bySize.get(bytes) ?? [];
    // Behind all others: sizes that nobody asks for any more go first.
    this.#bySize.delete(bytes);
    this.#bySize.set(bytes, entries);
    entries.push({ array, busyUntil });
    this.#bytes += bytes;
  }

  #shrinkTo(bytes: number): void {
    for (const [size, entries] of this.#bySize) {
      while (this.#bytes > bytes && entries.shift() !== undefined) this.#bytes -= size;
      if (this.#bytes <= bytes) return;
      this.#bySize.delete(size);
    }
  }
}
