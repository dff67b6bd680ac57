/**
 * The error function in float64, to a relative error below 1e-15: its power series up to 1, `1 - erfc(x)` beyond.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 1) return x * powerSeries(x * x);
  return Math.sign(x) * (1 - upperTail(size));
}

/** `1 - erf(x)`, to a relative error below 1e-14 wherever it is a normal float64. */
export function erfc(x: number): number {
  if (x < -1) return 2 - upperTail(-x);
  return x > 1 ? upperTail(x) : 1 - erf(x);
}

/** Of `erf(x) / x` in powers of x²: `2 / √π · (-1)^n / (n! (2n + 1))`. */
const powerCoefficients = seriesCoefficients(20);

function seriesCoefficients(terms: number): readonly number[] {
  const coefficients: number[] = [];
  for (let n = 0, factor = 2 / Math.sqrt(Math.PI); n < terms; n++, factor /= -n) coefficients.push(factor / (2 * n + 1));
  return coefficients;
}

function powerSeries(square: number): number {
  let sum = 0;
  for (let n = powerCoefficients.length - 1; n >= 0; n--) sum = sum * square + (powerCoefficients[n] as number);
  return sum;
}

/** Of `x e^(x²) erfc(x)` in Chebyshev polynomials of `(x - 5) / (x + 3)`, for x from 1 to infinity: computed by fixtures/erf.py. */
const tailCoefficients = [
  1.054065539929069, 0.058438373634075017, -0.028760006767845146, 0.00942338429719674, -0.0023281563723139085, 0.00043730093384926333,
  -5.8303544643230866e-5, 4.043114560930833e-6, 2.7089807277164206e-7, -9.965420547129231e-8, 5.8994192358260344e-9, 1.385980286379313e-9,
  -2.3156333271131506e-10, -1.5604196875213933e-11, 6.2836389835515e-12, 1.2178727057802853e-13, -1.675299252940428e-13,
  3.133338889812158e-16, 4.7544231573097404e-15, -2.4579802035135792e-17, -1.4571108686803626e-16, -1.1939371677417147e-18,
];

/** `erfc(x)` for x of 1 and more. */
function upperTail(x: number): number {
  if (!(x < 28)) return Number.isNaN(x) ? x : 0;
  const series = chebyshev(tailCoefficients, (x - 5) / (x + 3));
  return (expOfMinusSquare(x) * series) / x;
}

/** Clenshaw's sum of a Chebyshev series whose first coefficient counts half. */
function chebyshev(coefficients: readonly number[], s: number): number {
  let last = 0;
  let before = 0;
  for (let k = coefficients.length - 1; k > 0; k--) {
    const next = 2 * s * last - before + (coefficients[k] as number);
    before = last;
    last = next;
  }
  return s * last - before + (coefficients[0] as number) / 2;
}

/** `e^(-x²)`: the square of x cut to 24 bits is exact, and the rest goes into a second factor. */
function expOfMinusSquare(x: number): number {
  const cut = Math.fround(x);
  return Math.exp(-cut * cut) * Math.exp((cut - x) * (cut + x));
}
