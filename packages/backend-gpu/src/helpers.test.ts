import { expect, it } from 'vitest';
import { helpers } from './helpers.ts';

// As JavaScript the helpers compute in double precision: what is measured here is the error of their formulas.
const functions = new Function(
  `${helpers.map(({ source }) => source).join('\n')}\nreturn { ${helpers.map(({ name }) => name).join(', ')} };`,
)() as Record<string, (...args: number[]) => number>;

/** Even steps over a range. */
function steps(least: number, most: number, count = 2001): number[] {
  return Array.from({ length: count }, (_, i) => least + ((most - least) * i) / (count - 1));
}

/** The greatest error relative to the value, or to 1e-3 where it is less. */
function greatestError(name: string, truth: (x: number) => number, points: readonly number[]): number {
  const f = functions[name] as (x: number) => number;
  return Math.max(...points.map((x) => Math.abs(f(x) - truth(x)) / Math.max(Math.abs(truth(x)), 1e-3)));
}

it.each([
  ['expMinusOne', Math.expm1, -5, 5],
  ['logOnePlus', Math.log1p, -0.9, 9],
  ['sine', Math.sin, -30, 30],
  ['cosine', Math.cos, -30, 30],
  ['arcTangent', Math.atan, -9, 9],
  ['arcSine', Math.asin, -1, 1],
  ['arcHyperbolicSine', Math.asinh, -9, 9],
  ['hyperbolicSine', Math.sinh, -9, 9],
  ['hyperbolicTangent', Math.tanh, -9, 9],
  ['halfExponential', (x: number) => 0.5 * Math.exp(x), -9, 9],
] as const)('%s is good to float32', (name, truth, least, most) => {
  expect(greatestError(name, truth, steps(least, most))).toBeLessThan(1e-7);
});

it('the error function and its complement are good to float32', () => {
  // From Abramowitz and Stegun, table 7.1, and the asymptotic series.
  const table = [
    [0, 0],
    [0.1, 0.112462916],
    [0.5, 0.5204998778],
    [0.9999, 0.842659248],
    [1, 0.8427007929],
    [1.0001, 0.842742296],
    [1.5, 0.9661051465],
    [2, 0.995322265],
    [3, 0.9999779095],
  ] as const;
  for (const [x, y] of table) {
    expect(functions.errorFunction?.(x)).toBeCloseTo(y, 6);
    expect(functions.errorFunction?.(-x)).toBeCloseTo(-y, 6);
    expect(functions.errorComplement?.(x)).toBeCloseTo(1 - y, 6);
  }
  expect((functions.errorComplement?.(5) ?? 0) / 1.5374597944e-12).toBeCloseTo(1, 5);
});

it('rounds half to even, divides and takes remainders exactly', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, -2.6, 1e9].map((x) => functions.roundEven?.(x))).toEqual([0, 2, 2, 0, -2, 2, -3, 1e9]);
  expect([7, -7, 6, -1].map((a) => functions.floorQuotient?.(a, 2))).toEqual([3, -4, 3, -1]);
  expect([7, -7, 6, 1].map((a) => functions.floorQuotient?.(a, -2))).toEqual([-4, 3, -3, -1]);
  for (const [a, b] of [
    [7.5, 2],
    [-7.5, 2],
    [1e30, 7],
    [5, 1e-3],
    [0, 3],
    [2, 5],
  ] as const)
    expect(functions.remainderOf?.(a, b)).toBe(a % b);
  expect([0, 255, 256, -1, 1000].map((x) => functions.wrapByte?.(x))).toEqual([0, 255, 0, 255, 232]);
});
