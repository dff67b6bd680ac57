/** Numbers to compare. */
export type Numbers = ArrayLike<number>;

/**
 * Says where two lists of numbers differ by more than `tolerance · (1 + |expected|)`, or `null` if nowhere.
 * `NaN` agrees with `NaN`, an infinity only with itself; zeros agree whatever their sign.
 *
 * @example difference([1, 2.5], [1, 2], 1e-6) // 'element 1: got 2.5, expected 2 (1 of 2 differ)'
 */
export function difference(actual: Numbers, expected: Numbers, tolerance = 0): string | null {
  if (actual.length !== expected.length) return `got ${actual.length} elements, expected ${expected.length}`;
  const places = Array.from(expected, (_, i) => i).filter((i) => !agree(actual[i] ?? Number.NaN, expected[i] ?? Number.NaN, tolerance));
  const [first] = places;
  if (first === undefined) return null;
  return `element ${first}: got ${actual[first]}, expected ${expected[first]} (${places.length} of ${expected.length} differ)`;
}

/** The greatest `|actual - expected| / (1 + |expected|)` over elements that are finite in both. */
export function greatestDifference(actual: Numbers, expected: Numbers): number {
  return Array.from(expected).reduce((most, value, i) => {
    const distance = Math.abs((actual[i] ?? Number.NaN) - value) / (1 + Math.abs(value));
    return Math.max(distance, most);
  }, 0);
}

function agree(actual: number, expected: number, tolerance: number): boolean {
  if (actual === expected) return true;
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  return Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)) && Number.isFinite(expected);
}
