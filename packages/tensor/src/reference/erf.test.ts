import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { erf, erfc } from './erf.ts';

const rows: readonly (readonly [x: number, erf: number, erfc: number])[] = JSON.parse(
  readFileSync(new URL('../../fixtures/erf.json', import.meta.url), 'utf8'),
);
const leastNormal = 2.3e-308;

describe('erf', () => {
  it('has a relative error below 1e-15', () => {
    for (const [x, expected] of rows) expect(Math.abs(erf(x) - expected), `erf(${x})`).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
  });

  it('is odd, and knows its ends', () => {
    expect([erf(0), erf(-0), erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY), erf(Number.NaN)]).toEqual([
      0,
      -0,
      1,
      -1,
      Number.NaN,
    ]);
    for (const [x] of rows) expect(erf(-x)).toBe(-erf(x));
  });
});

describe('erfc', () => {
  it('has a relative error below 2e-15 wherever it is a normal number', () => {
    for (const [x, , expected] of rows) {
      if (expected > leastNormal) expect(Math.abs(erfc(x) - expected), `erfc(${x})`).toBeLessThanOrEqual(2e-15 * expected);
    }
  });

  it('knows its ends', () => {
    expect([erfc(Number.POSITIVE_INFINITY), erfc(Number.NEGATIVE_INFINITY), erfc(Number.NaN), erfc(30)]).toEqual([0, 2, Number.NaN, 0]);
  });
});
