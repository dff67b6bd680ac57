import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from './errors.ts';
import { Generator, manualSeed, nextRandomScalars } from './random.ts';

describe('manualSeed', () => {
  it('makes the numbers that follow the same each time', () => {
    const draw = () => {
      manualSeed(2 ** 40 + 3);
      return [nextRandomScalars(), nextRandomScalars(), new Generator().permutation(20)];
    };
    expect(draw()).toEqual(draw());
  });

  it('splits the seed into both words of the key, and every call takes the next offset', () => {
    manualSeed(2 ** 40 + 3);
    expect(nextRandomScalars()).toEqual([3, 256, 0, 0]);
    expect(nextRandomScalars()).toEqual([3, 256, 0, 1]);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, '7'])('refuses %s', (seed) => {
    expect(() => manualSeed(seed as number)).toThrow(ArgumentError);
  });
});

describe('Generator', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const numbers = (seed: number) => {
      const generator = new Generator(seed);
      return Array.from({ length: 8 }, () => generator.uint32());
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  it('without a seed follows manualSeed, and two of them differ', () => {
    manualSeed(5);
    const first = new Generator().uint32();
    const second = new Generator().uint32();
    manualSeed(5);
    expect([new Generator().uint32(), new Generator().uint32()]).toEqual([first, second]);
    expect(first).not.toBe(second);
  });

  it('draws uniform numbers from [0, 1) with the right mean and variance', () => {
    const generator = new Generator(1);
    const draws = Array.from({ length: 20_000 }, () => generator.uniform());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    expect(draws.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / draws.length));
    expect(Math.abs(draws.reduce((a, x) => a + (x - mean) ** 2, 0) / draws.length - 1 / 12)).toBeLessThan(0.003);
  });

  it('draws whole numbers below n, all of them as often', () => {
    const generator = new Generator(2);
    const drawn = Array.from({ length: 7000 }, () => generator.integer(7));
    for (let value = 0; value < 7; value++) expect(Math.abs(drawn.filter((x) => x === value).length - 1000)).toBeLessThan(150);
  });

  it('stays below n for any n, beyond 32 bits too', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (seed, n) => {
        const draw = new Generator(seed).integer(n);
        expect(Number.isInteger(draw) && draw >= 0 && draw < n).toBe(true);
      }),
    );
  });

  it('permutes: every number once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(200), (seed, n) => {
        expect([...new Generator(seed).permutation(n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('makes all orders of three as often', () => {
    const generator = new Generator(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = generator.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to draw below %s', (n) => {
    expect(() => new Generator(1).integer(n)).toThrow(ArgumentError);
  });

  it('refuses a bad seed and a bad length', () => {
    expect(() => new Generator(-1)).toThrow('Generator: seed must be a whole number from 0 up; got -1');
    expect(() => new Generator(1).permutation(1.5)).toThrow(ArgumentError);
  });
});
