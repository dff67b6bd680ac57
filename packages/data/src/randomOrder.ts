import { Generator } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';

/** Where random order comes from. */
export interface SeedOptions {
  /** A whole number from 0 up: the same one gives the same order. Without it, `manualSeed` decides. */
  readonly seed?: number;
}

/** Generators for one epoch after the other: each another order, all of them from one seed. */
export class EpochGenerators {
  readonly #master: Generator | null;

  constructor(caller: string, { seed }: SeedOptions) {
    if (seed !== undefined) checkInteger(caller, 'seed', seed, 0);
    this.#master = seed === undefined ? null : new Generator(seed);
  }

  next(): Generator {
    return this.#master === null ? new Generator() : new Generator(this.#master.uniform() * 2 ** 53);
  }
}

/** The numbers 0 to length - 1 in random order. */
export function shuffledIndices(caller: string, length: number, { seed }: SeedOptions): number[] {
  if (seed !== undefined) checkInteger(caller, 'seed', seed, 0);
  return Array.from(new Generator(seed).permutation(length));
}
