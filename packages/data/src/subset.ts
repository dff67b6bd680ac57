import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import type { Collated } from './collate.ts';
import { checkIndex, Dataset } from './dataset.ts';

/**
 * The samples of a dataset that a list of indices names, in its order. PyTorch: `torch.utils.data.Subset`.
 *
 * @throws IndexError if an index points outside the dataset.
 * @example new Subset(digits, [0, 2, 4])
 */
export class Subset<Sample> extends Dataset<Sample> {
  readonly dataset: Dataset<Sample>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<Sample>, indices: readonly number[]) {
    super();
    if (!Array.isArray(indices)) throw new ArgumentError(`Subset: indices must be an array; got ${describe(indices)}`);
    for (const index of indices) checkIndex('Subset', index, dataset.length);
    this.dataset = dataset;
    this.indices = indices;
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): Sample | Promise<Sample> {
    return this.dataset.get(this.#translate(index));
  }

  override getBatch(indices: readonly number[]): Collated<Sample> | Promise<Collated<Sample>> | null {
    return this.dataset.getBatch(indices.map((index) => this.#translate(index)));
  }

  #translate(index: number): number {
    checkIndex('Subset', index, this.length);
    return this.indices[index] ?? 0;
  }
}
