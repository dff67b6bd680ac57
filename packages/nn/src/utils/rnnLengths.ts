import { adopt, arange, indexSelect, type Tensor, where } from '@dl/tensor';
import type { Timeline } from '../functional/recurrentTimeline.ts';
import type { Integers } from './rnnHost.ts';

/**
 * The lengths of a batch's sequences, and where their steps are in `[steps, B, …]`, padded. All that depends on the lengths goes into plans as
 * data, so that batches of one padded shape share a plan.
 */
export class Lengths implements Timeline {
  readonly even = false;
  /** Of each sequence, in the batch's order. */
  readonly values: Integers;
  /** The padded length, at least the greatest. */
  readonly steps: number;
  readonly longest: number;
  #vector: Tensor | null = null;
  #turned: Tensor | null = null;
  #last: Tensor | null = null;

  constructor(values: Integers, steps: number) {
    this.values = values;
    this.steps = steps;
    this.longest = values.reduce((most, length) => Math.max(most, length), 0);
  }

  get count(): number {
    return this.values.length;
  }

  /** The lengths as a tensor, int32 `[B]`. */
  get vector(): Tensor {
    this.#vector ??= adopt(this.values.slice());
    return this.#vector;
  }

  turned(x: Tensor): Tensor {
    this.#turned ??= adopt(this.places((t, b, length) => Math.max(length - 1 - t, 0) * this.count + b));
    return selectRows(rowsOf(x), this.#turned, this.steps);
  }

  last(x: Tensor): Tensor {
    this.#last ??= adopt(this.values.map((length, b) => (length - 1) * this.count + b));
    return indexSelect(rowsOf(x), 0, this.#last);
  }

  silenced(gates: Tensor): Tensor {
    return where(this.within(this.steps, gates.ndim), gates, -Infinity);
  }

  /** Which of the first `steps` steps belong to a sequence: bool `[steps, B, 1, …]` of the rank given. */
  within(steps: number, rank: number): Tensor {
    const times = arange(steps, { dtype: 'int32' }).unsqueeze(1);
    return times.lt(this.vector).reshape([steps, this.count, ...Array<number>(Math.max(rank - 2, 0)).fill(1)]);
  }

  /** A row for each step of each sequence, padding included, time first. */
  places(rowOf: (t: number, b: number, length: number) => number): Integers {
    const rows = new Int32Array(this.steps * this.count);
    let at = 0;
    for (let t = 0; t < this.steps; t++) {
      this.values.forEach((length, b) => {
        rows[at++] = rowOf(t, b, length);
      });
    }
    return rows;
  }
}

/** `[T, B, …]` of the rows given, one for each step and sequence. */
export function selectRows(flat: Tensor, rows: Tensor, steps: number): Tensor {
  return indexSelect(flat, 0, rows).reshape([steps, rows.numel() / steps, ...flat.shape.slice(1)]);
}

/** The first two dims as one. */
export function rowsOf(x: Tensor): Tensor {
  const [outer = 1, inner = 1, ...rest] = x.shape;
  return x.reshape([outer * inner, ...rest]);
}
