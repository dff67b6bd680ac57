import { ArgumentError } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';
import { EpochGenerators, type SeedOptions } from '../randomOrder.ts';
import type { Sampler } from './sampler.ts';

/**
 * Some samples in random order, another one each iteration. PyTorch: `torch.utils.data.SubsetRandomSampler`.
 *
 * @throws ArgumentError if an index is not a whole number from 0 up.
 * @example new DataLoader(digits, { sampler: new SubsetRandomSampler([0, 2, 4]) });
 */
export class SubsetRandomSampler implements Sampler {
  readonly indices: readonly number[];
  readonly #generators: EpochGenerators;

  constructor(indices: readonly number[], options: SeedOptions = {}) {
    if (!Array.isArray(indices)) throw new ArgumentError(`SubsetRandomSampler: indices must be an array; got ${describe(indices)}`);
    for (const index of indices) checkInteger('SubsetRandomSampler', 'an index', index, 0);
    this.indices = indices;
    this.#generators = new EpochGenerators('SubsetRandomSampler', options);
  }

  get length(): number {
    return this.indices.length;
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.#generators
      .next()
      .shuffle([...this.indices])
      .values();
  }
}
