import type { Sampler, Sized } from './sampler.ts';

/**
 * All samples in their order. PyTorch: `torch.utils.data.SequentialSampler`.
 *
 * @example [...new SequentialSampler(dataset)] // [0, 1, 2, …]
 */
export class SequentialSampler implements Sampler {
  readonly #dataset: Sized;

  constructor(dataset: Sized) {
    this.#dataset = dataset;
  }

  get length(): number {
    return this.#dataset.length;
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}
