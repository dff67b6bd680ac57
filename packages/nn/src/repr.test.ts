import { describe, expect, test } from 'vitest';
import { bool, float, tuple } from './repr.ts';

describe('Python’s spelling', () => {
  test.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [0.0001, '0.0001'],
    [-2.5, '-2.5'],
    [1e16, '1e+16'],
    [1e15, '1000000000000000.0'],
    [1e-100, '1e-100'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ])('of the float %d is %s', (value, text) => {
    expect(float(value)).toBe(text);
  });

  test('of tuples and flags', () => {
    expect([tuple([2]), tuple([2, 3]), tuple([]), bool(true), bool(false)]).toEqual(['(2,)', '(2, 3)', '()', 'True', 'False']);
  });
});
