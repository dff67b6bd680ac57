import { checkInteger } from '@dl/tensor/internal';
import type { Sampler } from './sampler.ts';

/** What `BatchSampler` takes. */
export interface BatchSamplerOptions {
  /** How many indices a batch has. */
  readonly batchSize: number;
  /** Leave out a last batch that is smaller. Default false. */
  readonly dropLast?: boolean;
}

/** Batches of indices, anew for each iteration. */
export interface Batches extends Iterable<readonly number[]> {
  /** How many batches an iteration gives. */
  readonly length: number;
}

/**
 * Cuts what another sampler gives into batches. PyTorch: `torch.utils.data.BatchSampler`.
 *
 * @throws ArgumentError if `batchSize` is not a whole number from 1 up.
 * @example [...new BatchSampler(new SequentialSampler({ length: 5 }), { batchSize: 2 })] // [[0, 1], [2, 3], [4]]
 */
export class BatchSampler implements Batches {
  readonly sampler: Sampler;
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(sampler: Sampler, { batchSize, dropLast = false }: BatchSamplerOptions) {
    checkInteger('BatchSampler', 'batchSize', batchSize, 1);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  get length(): number {
    const batches = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): Generator<readonly number[], void, undefined> {
    return this.#cut(this.sampler[Symbol.iterator]());
  }

  *#cut(indices: Iterator<number>): Generator<readonly number[], void, undefined> {
    let batch: number[] = [];
    for (let next = indices.next(); next.done !== true; next = indices.next()) {
      batch.push(next.value);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}
