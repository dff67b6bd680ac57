import { adopt, indexSelect, type Tensor } from '@dl/tensor';
import type { Integers } from './rnnHost.ts';
import { type Lengths, rowsOf, selectRows } from './rnnLengths.ts';

/**
 * How the sequences of a padded batch `[T, B, …]` lie in packed data `[N, …]`: step by step, the longest sequence first. Sequences of a
 * packed batch made of it share it, and the leaves that it has made.
 */
export class Packing {
  readonly lengths: Lengths;
  /** The sequences from the longest to the shortest; `null` where that is the batch's order. */
  readonly order: Integers | null;
  #batchSizes: Tensor | null = null;
  #sorted: Tensor | null = null;
  #unsorted: Tensor | null = null;
  #dataRows: Tensor | null = null;
  #paddedRows: Tensor | null = null;

  constructor(lengths: Lengths, order: Integers | null) {
    this.lengths = lengths;
    this.order = order;
  }

  /** How many sequences reach each step. */
  get batchSizes(): Tensor {
    this.#batchSizes ??= adopt(this.#sizes());
    return this.#batchSizes;
  }

  get sortedIndices(): Tensor | null {
    if (this.order !== null) this.#sorted ??= adopt(this.order.slice());
    return this.#sorted;
  }

  get unsortedIndices(): Tensor | null {
    if (this.order !== null) this.#unsorted ??= adopt(inverse(this.order));
    return this.#unsorted;
  }

  /** The data of a padded batch. */
  pack(padded: Tensor): Tensor {
    this.#dataRows ??= adopt(this.#rowsOfData());
    return indexSelect(rowsOf(padded), 0, this.#dataRows);
  }

  /** The padded batch of packed data; its padding is each sequence's last step. */
  pad(data: Tensor): Tensor {
    this.#paddedRows ??= adopt(this.#rowsOfPadded());
    return selectRows(data, this.#paddedRows, this.lengths.steps);
  }

  #sizes(): Integers {
    const { values, longest } = this.lengths;
    const sizes = new Int32Array(longest);
    for (const length of values) for (let t = 0; t < length; t++) sizes[t] = (sizes[t] ?? 0) + 1;
    return sizes;
  }

  #rowsOfData(): Integers {
    const { count } = this.lengths;
    const order = this.order ?? Int32Array.from({ length: count }, (_, b) => b);
    const rows: number[] = [];
    this.#sizes().forEach((size, t) => {
      for (const b of order.subarray(0, size)) rows.push(t * count + b);
    });
    return Int32Array.from(rows);
  }

  #rowsOfPadded(): Integers {
    const place = this.order === null ? null : inverse(this.order);
    let next = 0;
    const starts = this.#sizes().map((size) => {
      next += size;
      return next - size;
    });
    return this.lengths.places((t, b, length) => (starts[Math.min(t, length - 1)] ?? 0) + (place === null ? b : (place[b] ?? 0)));
  }
}

/** Where each number of a permutation stands in it. */
function inverse(permutation: Integers): Integers {
  const places = new Int32Array(permutation.length);
  permutation.forEach((b, place) => {
    places[b] = place;
  });
  return places;
}
