import type { Batches } from '@dl/data';
import { Generator } from '@dl/tensor';
import { groupBy } from './groupBy.ts';

const multiple = 40;

/** Few lengths, so that there are few plans. */
export const paddedLength = (length: number): number => Math.ceil(length / multiple) * multiple;

/**
 * Batches of sequences of about one length each, so that little is computed for padding: sequences of one padded length are a bucket. Each
 * epoch has other batches, in another order, if they are shuffled.
 */
export class BucketSampler implements Batches {
  readonly #buckets: readonly (readonly number[])[];
  readonly #batchSize: number;
  readonly #shuffle: boolean;

  constructor(lengths: readonly number[], { batchSize, shuffle }: { readonly batchSize: number; readonly shuffle: boolean }) {
    const indices = lengths.map((_, index) => index);
    this.#buckets = [...groupBy(indices, (index) => paddedLength(lengths[index] ?? 0)).values()];
    this.#batchSize = batchSize;
    this.#shuffle = shuffle;
  }

  get length(): number {
    return this.#buckets.reduce((sum, bucket) => sum + Math.ceil(bucket.length / this.#batchSize), 0);
  }

  [Symbol.iterator](): Iterator<readonly number[]> {
    if (!this.#shuffle) return this.#buckets.flatMap((bucket) => this.#cut(bucket)).values();
    const generator = new Generator();
    return generator.shuffle(this.#buckets.flatMap((bucket) => this.#cut(generator.shuffle([...bucket])))).values();
  }

  #cut(bucket: readonly number[]): number[][] {
    const size = this.#batchSize;
    return Array.from({ length: Math.ceil(bucket.length / size) }, (_, i) => bucket.slice(i * size, (i + 1) * size));
  }
}
