import { ArgumentError, type Generator } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';
import { EpochGenerators, type SeedOptions } from '../randomOrder.ts';
import type { Sampler } from './sampler.ts';

/** What `WeightedRandomSampler` takes. */
export interface WeightedRandomSamplerOptions extends SeedOptions {
  /** Draw each index anew (the default); else none comes twice. */
  readonly replacement?: boolean;
}

/**
 * Indices 0 to `weights.length - 1`, each with a probability in proportion to its weight. PyTorch: `torch.utils.data.WeightedRandomSampler`.
 *
 * @throws ArgumentError if weights are negative, not finite or all 0, or if, without replacement, fewer than `numSamples` are positive.
 * @example new WeightedRandomSampler([0.9, 0.1], 100, { seed: 0 })
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly #draw: (generator: Generator) => Iterable<number>;
  readonly #generators: EpochGenerators;

  constructor(weights: readonly number[], numSamples: number, { replacement = true, ...options }: WeightedRandomSamplerOptions = {}) {
    checkInteger('WeightedRandomSampler', 'numSamples', numSamples, 1);
    checkWeights(weights, replacement ? 1 : numSamples);
    const owned = [...weights];
    this.length = numSamples;
    this.#draw = replacement
      ? (generator) => independentDraws(owned, numSamples, generator)
      : (generator) => race(owned, numSamples, generator);
    this.#generators = new EpochGenerators('WeightedRandomSampler', options);
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#draw(this.#generators.next())[Symbol.iterator]();
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function checkWeights(weights: readonly number[], least: number): void {
  if (!Array.isArray(weights) || !weights.every((weight) => Number.isFinite(weight) && weight >= 0)) {
    throw new ArgumentError(`WeightedRandomSampler: weights must be finite numbers from 0 up; got ${describe(weights)}`);
  }
  const positive = weights.filter((weight) => weight > 0).length;
  if (positive < least) throw new ArgumentError(`WeightedRandomSampler: at least ${least} weights must be positive; got ${positive}`);
}

/** Inverts the cumulative distribution. */
function* independentDraws(weights: readonly number[], count: number, generator: Generator): Iterable<number> {
  let total = 0;
  const cumulative = Float64Array.from(weights, (weight) => (total += weight));
  const last = weights.findLastIndex((weight) => weight > 0);
  for (let left = count; left > 0; left--) yield Math.min(firstAbove(cumulative, generator.uniform() * total), last);
}

/** The first position whose element is above a bound, in an ascending array. */
function firstAbove(ascending: Float64Array, bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Of exponential clocks with the weights as rates, the first to ring: drawing without replacement (Efraimidis and Spirakis, 2006). */
function race(weights: readonly number[], count: number, generator: Generator): readonly number[] {
  const times = weights.map((weight, index) => ({ index, time: -Math.log1p(-generator.uniform()) / weight }));
  const running = times.filter(({ index }) => (weights[index] ?? 0) > 0);
  return running
    .sort((a, b) => a.time - b.time)
    .slice(0, count)
    .map(({ index }) => index);
}
