import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import type { Dataset } from './dataset.ts';
import { type SeedOptions, shuffledIndices } from './randomOrder.ts';
import { Subset } from './subset.ts';

/**
 * Cuts a dataset at random into parts that do not overlap, of the given sizes, or fractions that add up to 1: each part
 * gets the whole samples of its fraction, and what is left goes to the first parts, one each. PyTorch: `torch.utils.data.random_split`.
 *
 * @throws ArgumentError if sizes or fractions are negative or no numbers, or do not add up to the dataset.
 * @example const [training, validation] = randomSplit(digits, [0.9, 0.1], { seed: 0 });
 */
export function randomSplit<Sample, const Lengths extends readonly number[]>(
  dataset: Dataset<Sample>,
  lengths: Lengths,
  options: SeedOptions = {},
): { -readonly [I in keyof Lengths]: Subset<Sample> } {
  const sizes = sizesOf(dataset.length, lengths);
  const order = shuffledIndices('randomSplit', dataset.length, options);
  const ends = sizes.map((_, i) => sumOf(sizes.slice(0, i + 1)));
  const parts = sizes.map((size, i) => new Subset(dataset, order.slice((ends[i] ?? 0) - size, ends[i])));
  return parts as { -readonly [I in keyof Lengths]: Subset<Sample> };
}

// ---------------------------------------------------------------------------------------------------------------------

function sizesOf(length: number, lengths: readonly number[]): readonly number[] {
  if (!Array.isArray(lengths) || lengths.length === 0 || !lengths.every((part) => Number.isFinite(part) && part >= 0)) {
    throw new ArgumentError(`randomSplit: lengths must be numbers from 0 up; got ${describe(lengths)}`);
  }
  const sum = sumOf(lengths);
  const sizes = Math.abs(sum - 1) < 1e-9 ? sizesOfFractions(length, lengths) : lengths;
  if (!sizes.every(Number.isInteger) || sumOf(sizes) !== length) {
    throw new ArgumentError(
      `randomSplit: sizes must add up to the ${length} samples, or fractions to 1; got ${describe(lengths)}, which add up to ${sum}`,
    );
  }
  return sizes;
}

function sizesOfFractions(length: number, fractions: readonly number[]): number[] {
  const sizes = fractions.map((fraction) => Math.floor(length * fraction));
  const left = length - sumOf(sizes);
  return sizes.map((size, i) => size + Math.floor((left + sizes.length - 1 - i) / sizes.length));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
