import type { Generator as RandomGenerator } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { EpochGenerators, type SeedOptions } from '../randomOrder.ts';
import type { Sampler, Sized } from './sampler.ts';

/** What `RandomSampler` takes. */
export interface RandomSamplerOptions extends SeedOptions {
  /** Draw each index anew, so that some come twice and some never. Default false: a random order of all. */
  readonly replacement?: boolean;
  /** How many indices an iteration gives; default as many as there are samples. More than that, without replacement, begins another random order. */
  readonly numSamples?: number;
}

/**
 * Samples in random order, another one each iteration, all from one seed. PyTorch: `torch.utils.data.RandomSampler`.
 *
 * @throws ArgumentError if there are no samples, or `numSamples` or `seed` is out of range.
 * @example [...new RandomSampler(dataset, { seed: 0 })]
 */
export class RandomSampler implements Sampler {
  readonly #dataset: Sized;
  readonly #replacement: boolean;
  readonly #numSamples: number | undefined;
  readonly #generators: EpochGenerators;

  constructor(dataset: Sized, { replacement = false, numSamples, seed }: RandomSamplerOptions = {}) {
    checkInteger('RandomSampler', 'the number of samples in the dataset', dataset.length, 1);
    if (numSamples !== undefined) checkInteger('RandomSampler', 'numSamples', numSamples, 1);
    this.#dataset = dataset;
    this.#replacement = replacement;
    this.#numSamples = numSamples;
    this.#generators = new EpochGenerators('RandomSampler', seed === undefined ? {} : { seed });
  }

  get length(): number {
    return this.#numSamples ?? this.#dataset.length;
  }

  [Symbol.iterator](): Generator<number, void, undefined> {
    const generator = this.#generators.next();
    return this.#replacement ? this.#draws(generator) : this.#orders(generator);
  }

  *#draws(generator: RandomGenerator): Generator<number, void, undefined> {
    for (let left = this.length; left > 0; left--) yield generator.integer(this.#dataset.length);
  }

  *#orders(generator: RandomGenerator): Generator<number, void, undefined> {
    const size = this.#dataset.length;
    for (let left = this.length; left > 0; left -= size) yield* generator.permutation(size).subarray(0, left);
  }
}
