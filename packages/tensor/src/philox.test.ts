import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillUniform, philox } from './philox.ts';

/** The three vectors for `philox4x32 10` in Random123's file of known answers: zeros, ones, and the digits of π. */
const knownAnswers = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const;

const word = fc.integer({ min: 0, max: 0xffffffff });

/** The same with BigInt products: slow and obvious. */
function oracle(counter: readonly number[], key: readonly number[]): number[] {
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  const low = (x: bigint) => x & 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p = a * 0xd2511f53n;
    const q = c * 0xcd9e8d57n;
    [a, b, c, d] = [(q >> 32n) ^ b ^ k0, low(q), (p >> 32n) ^ d ^ k1, low(p)];
    k0 = low(k0 + 0x9e3779b9n);
    k1 = low(k1 + 0xbb67ae85n);
  }
  return [a, b, c, d].map(Number);
}

describe('philox', () => {
  it.each(knownAnswers)('gives the known answer for counter %j and key %j', (counter, key, expected) => {
    const out = new Uint32Array(4);
    const [a, b, c, d] = counter;
    philox(out, a, b, c, d, key[0], key[1]);
    expect([...out]).toEqual(expected);
  });

  it('agrees with its definition for any counter and key', () => {
    const out = new Uint32Array(4);
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        philox(out, ...counter, ...key);
        expect([...out]).toEqual(oracle(counter, key));
      }),
    );
  });
});

describe('fillUniform', () => {
  const scalars = [0xa4093822, 0x299f31d0, 5, 7] as const;
  const words = (block: number) => oracle([block, 0, 7, 5], [0xa4093822, 0x299f31d0]);

  it('takes lane i % 4 of block i / 4 for float32, 24 bits of each', () => {
    const data = new Float32Array(10);
    fillUniform(data, scalars);
    expect([...data]).toEqual(Array.from(data, (_, i) => ((words(Math.floor(i / 4))[i % 4] ?? 0) >>> 8) / 2 ** 24));
  });

  it('takes two lanes of block i / 2 for float64, the first the high one, 53 bits together', () => {
    const data = new Float64Array(5);
    fillUniform(data, scalars);
    const expected = Array.from(data, (_, i) => {
      const block = words(Math.floor(i / 2));
      const [high = 0, low = 0] = block.slice(2 * (i % 2));
      return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
    });
    expect([...data]).toEqual(expected);
  });

  it('gives a prefix of the same numbers to a shorter array', () => {
    const [long, short] = [new Float32Array(9), new Float32Array(6)];
    fillUniform(long, scalars);
    fillUniform(short, scalars);
    expect([...short]).toEqual([...long.subarray(0, 6)]);
  });
});
