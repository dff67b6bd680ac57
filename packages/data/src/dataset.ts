import { IndexError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import type { Collated } from './collate.ts';

/**
 * Samples that can be asked for by number. Subclasses say how many there are and give one.
 * PyTorch: `torch.utils.data.Dataset`.
 *
 * @example
 * class Squares extends Dataset<[Tensor, number]> {
 *   readonly length = 10;
 *   get(index: number): [Tensor, number] {
 *     return [tensor([index]), index ** 2];
 *   }
 * }
 */
export abstract class Dataset<Sample> {
  /** How many samples there are. */
  abstract readonly length: number;

  /**
   * The sample of a number from 0 up to `length - 1`.
   *
   * @throws IndexError for other numbers.
   */
  abstract get(index: number): Sample | Promise<Sample>;

  /**
   * Several samples at once, as `defaultCollate` would have put them together, for a dataset that has a faster way;
   * `null` (the default) if it has none: then each sample is asked for.
   */
  getBatch(_indices: readonly number[]): Collated<Sample> | Promise<Collated<Sample>> | null {
    return null;
  }
}

/**
 * Samples that come one after the other: a stream, a file too long for memory. PyTorch: `torch.utils.data.IterableDataset`.
 *
 * @example
 * class Lines extends IterableDataset<string> {
 *   async *[Symbol.asyncIterator]() {
 *     for await (const line of createInterface(createReadStream('corpus.txt'))) yield line;
 *   }
 * }
 */
export abstract class IterableDataset<Sample> implements AsyncIterable<Sample> {
  abstract [Symbol.asyncIterator](): AsyncIterator<Sample>;
}

/** Refuses what is not the number of a sample. */
export function checkIndex(caller: string, index: unknown, length: number): asserts index is number {
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < length) return;
  throw new IndexError(`${caller}: an index must be a whole number from 0 up to ${length - 1}; got ${describe(index)}`);
}
