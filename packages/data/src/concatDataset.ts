import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { checkIndex, Dataset } from './dataset.ts';

/**
 * Datasets one after the other. PyTorch: `torch.utils.data.ConcatDataset`.
 *
 * @throws ArgumentError without datasets.
 * @example new ConcatDataset([morning, evening])
 */
export class ConcatDataset<Sample> extends Dataset<Sample> {
  readonly datasets: readonly Dataset<Sample>[];
  /** Where each dataset ends: `[2, 5]` for lengths 2 and 3. */
  readonly cumulativeSizes: readonly number[];

  constructor(datasets: readonly Dataset<Sample>[]) {
    super();
    if (!Array.isArray(datasets) || datasets.length === 0)
      throw new ArgumentError(`ConcatDataset: needs at least one dataset; got ${describe(datasets)}`);
    let end = 0;
    this.datasets = datasets;
    this.cumulativeSizes = this.datasets.map(({ length }) => (end += length));
  }

  get length(): number {
    return this.cumulativeSizes.at(-1) ?? 0;
  }

  get(index: number): Sample | Promise<Sample> {
    checkIndex('ConcatDataset', index, this.length);
    const at = this.cumulativeSizes.findIndex((end) => index < end);
    const dataset = this.datasets[at] as Dataset<Sample>;
    return dataset.get(index - (this.cumulativeSizes[at - 1] ?? 0));
  }
}
