import { checkInteger } from './checks.ts';
import { type PhiloxScalars, philox, uniform53 } from './philox.ts';

/** What keeps the random numbers of tensors and those of host generators apart, under one seed. */
const tensorStream = 0;
const hostStream = 1;

const twoTo32 = 2 ** 32;
const seed = { low: 0, high: 0, isSet: false, calls: 0 };

/**
 * Seeds all random numbers that follow: the same seed gives the same numbers, on every backend. Without it, every
 * program draws others. PyTorch: `torch.manual_seed`.
 *
 * @throws ArgumentError if the seed is not a whole number in [0, 2^53).
 * @example manualSeed(42)
 */
export function manualSeed(value: number): void {
  checkInteger('manualSeed', 'seed', value, 0);
  setSeed(value % twoTo32, Math.floor(value / twoTo32));
}

/** As if nobody had called manualSeed: between the files of tests that share a process. */
export function forgetSeed(): void {
  seed.isSet = false;
}

function setSeed(low: number, high: number): void {
  seed.low = low;
  seed.high = high;
  seed.isSet = true;
  seed.calls = 0;
}

/** Key and counter of the next random operation: every call moves on, so no two draw the same numbers. */
export function nextRandomScalars(): PhiloxScalars {
  return nextScalars(tensorStream);
}

/** After 2^32 calls the counter's stream word carries on: its lowest byte says what the numbers are for, the rest counts. */
function nextScalars(stream: number): PhiloxScalars {
  if (!seed.isSet) {
    const [low = 0, high = 0] = crypto.getRandomValues(new Uint32Array(2));
    setSeed(low, high);
  }
  const call = seed.calls++;
  return [seed.low, seed.high, stream + 256 * Math.floor(call / twoTo32), call % twoTo32];
}

/**
 * A stream of random numbers on the host, for shuffling and sampling: as good on every machine, and independent of how
 * many tensors are drawn meanwhile. Without a seed it is seeded by the generator of `manualSeed`. PyTorch: `torch.Generator`.
 *
 * @example new Generator(42).permutation(10)
 */
export class Generator {
  readonly #scalars: PhiloxScalars;
  readonly #words = new Uint32Array(4);
  #block = 0;
  #lane = 4;

  /** @throws ArgumentError if the seed is not a whole number in [0, 2^53). */
  constructor(seed?: number) {
    if (seed !== undefined) checkInteger('Generator', 'seed', seed, 0);
    this.#scalars = seed === undefined ? nextScalars(hostStream) : [seed % twoTo32, Math.floor(seed / twoTo32), hostStream, 0];
  }

  /** The next 32 random bits, as a number in [0, 2^32). */
  uint32(): number {
    if (this.#lane === 4) this.#nextBlock();
    return this.#words[this.#lane++] ?? 0;
  }

  #nextBlock(): void {
    const [seedLow, seedHigh, stream, offset] = this.#scalars;
    philox(this.#words, this.#block % twoTo32, Math.floor(this.#block / twoTo32), offset, stream, seedLow, seedHigh);
    this.#block++;
    this.#lane = 0;
  }

  /** The next uniform number in [0, 1), of 53 random bits. */
  uniform(): number {
    const high = this.uint32();
    return uniform53(high, this.uint32());
  }

  /**
   * The next whole number in [0, n), all equally likely: draws that would favour some are drawn again.
   *
   * @throws ArgumentError if n is not a whole number from 1 up.
   */
  integer(n: number): number {
    checkInteger('integer', 'n', n, 1);
    const range = n <= twoTo32 ? twoTo32 : 2 ** 53;
    const limit = range - (range % n);
    for (;;) {
      const draw = n <= twoTo32 ? this.uint32() : this.uniform() * range;
      if (draw < limit) return draw % n;
    }
  }

  /** Brings the elements of an array into a random order, in place (Fisher and Yates), and returns it. */
  shuffle<A extends Int32Array | unknown[]>(array: A): A {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [array[i], array[j]] = [array[j], array[i]];
    }
    return array;
  }

  /**
   * The numbers 0 to n - 1 in random order.
   *
   * @throws ArgumentError if n is not a whole number in [0, 2^31).
   */
  permutation(n: number): Int32Array<ArrayBuffer> {
    checkInteger('permutation', 'n', n, 0, 2 ** 31 - 1);
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    return this.shuffle(order);
  }
}
