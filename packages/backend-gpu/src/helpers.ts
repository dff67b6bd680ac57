import type { NumberType } from './gpujs.ts';

/** A function that kernels call. */
export interface Helper {
  readonly name: string;
  readonly argumentTypes: Readonly<Record<string, NumberType>>;
  readonly returnType: NumberType;
  /** JavaScript, as gpu.js takes it. */
  readonly source: string;
  /** What stands in WGSL instead, where gpu.js has no words for it; its arguments are called `user_<name>`. */
  readonly wgsl: string | null;
}

const floatHelper = (name: string, body: string, wgsl: string | null = null): Helper => ({
  name,
  argumentTypes: { x: 'Float' },
  returnType: 'Float',
  source: `function ${name}(x) {\n${body}\n}`,
  wgsl,
});

const integerHelper = (name: string, body: string, wgsl: string): Helper => ({
  name,
  argumentTypes: { i: 'Integer', n: 'Integer' },
  returnType: 'Integer',
  source: `function ${name}(i, n) {\n${body}\n}`,
  wgsl,
});

const pairHelper = (name: string, body: string): Helper => ({
  name,
  argumentTypes: { a: 'Float', b: 'Float' },
  returnType: 'Float',
  source: `function ${name}(a, b) {\n${body}\n}`,
  wgsl: null,
});

/** Horner's scheme. */
const polynomial = (variable: string, coefficients: readonly number[]): string =>
  coefficients.reduceRight((rest, c) => (rest === '' ? `${c}` : `(${c} + ${variable} * ${rest})`), '');

/** Coefficients of `sum of (±) x^(2k+1) / divisor(k)`, without the first x. */
const oddSeries = (terms: number, coefficient: (k: number) => number): number[] => Array.from({ length: terms }, (_, k) => coefficient(k));
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/**
 * Exact quotients of whole numbers up to 2^24 (a division on a GPU may be off by some units in the last place), a NaN test that
 * compilers cannot reason away, and the functions that WGSL promises too little about: `atan` may be off by 4096 units in the last
 * place, `sin` by 2^-11, and logarithms and exponentials lose all relative precision near 0.
 */
export const helpers: readonly Helper[] = [
  integerHelper(
    'idiv',
    'let q = Math.floor(i / n); if (q * n > i) { q = q - 1; } if ((q + 1) * n <= i) { q = q + 1; } return q;',
    'return user_i / user_n;',
  ),
  floatHelper(
    'isNan',
    'if (x !== x) { return 1.0; } return 0.0;',
    'return select(0.0, 1.0, (bitcast<u32>(user_x) & 0x7fffffffu) > 0x7f800000u);',
  ),
  // Modulo 256; a division by a power of two is exact.
  floatHelper('wrapByte', 'const laps = Math.floor(x * 0.00390625); return x - laps * 256.0;'),
  // Towards zero, to the nearest int32; NaN is 0.
  floatHelper(
    'toInteger',
    'if (isNan(x) > 0.5) { return 0.0; } if (x >= 2147483648.0) { return 2147483648.0; } if (x <= -2147483648.0) { return -2147483648.0; } return Math.trunc(x);',
  ),
  // a - b trunc(a / b), exactly, by long division in base 2: every difference is of numbers within a factor of 2.
  pairHelper(
    'remainderOf',
    `const size = Math.abs(b);
    let r = Math.abs(a);
    if (size > 0.0 && r <= 3.4028234663852886e38) {
      let t = size;
      while (t + t <= r) { t = t + t; }
      while (t >= size) {
        if (r >= t) { r = r - t; }
        t = t * 0.5;
      }
    }
    if (a < 0.0) { return -r; }
    return r;`,
  ),
  // floor(a / b) of whole numbers. A division on a GPU may be off by some units in the last place; the rest sets it right.
  pairHelper(
    'floorQuotient',
    `let q = Math.floor(a / b);
    let r = a - q * b;
    let size = b;
    if (b < 0.0) { r = -r; size = -b; }
    if (r < 0.0) { return q - 1.0; }
    if (r >= size) { return q + 1.0; }
    return q;`,
  ),
  // Half to even, as PyTorch. From 2^23 on, and for infinities and NaN, x is what it is.
  floatHelper(
    'roundEven',
    `if (!(Math.abs(x) < 8388608.0)) { return x; }
    const low = Math.floor(x);
    const rest = x - low;
    if (rest < 0.5) { return low; }
    if (rest > 0.5) { return low + 1.0; }
    const half = Math.floor(low * 0.5);
    if (low - half * 2.0 < 0.5) { return low; }
    return low + 1.0;`,
  ),
  // e^x - 1: Taylor below 1/2.
  floatHelper(
    'expMinusOne',
    `if (Math.abs(x) < 0.5) { return x * ${polynomial(
      'x',
      Array.from({ length: 9 }, (_, k) => 1 / factorial(k + 1)),
    )}; }
    return Math.exp(x) - 1.0;`,
  ),
  // log(1 + x) = 2 artanh(x / (2 + x)): Taylor below 1/2.
  floatHelper(
    'logOnePlus',
    `if (Math.abs(x) < 0.5) {
      const s = x / (2.0 + x);
      const z = s * s;
      return 2.0 * s * ${polynomial(
        'z',
        oddSeries(8, (k) => 1 / (2 * k + 1)),
      )};
    }
    return Math.log(1.0 + x);`,
  ),
  // |x| <= pi / 4.
  floatHelper(
    'sineNear',
    `const z = x * x; return x * ${polynomial(
      'z',
      oddSeries(5, (k) => (-1) ** k / factorial(2 * k + 1)),
    )};`,
  ),
  floatHelper(
    'cosineNear',
    `const z = x * x; return ${polynomial(
      'z',
      oddSeries(6, (k) => (-1) ** k / factorial(2 * k)),
    )};`,
  ),
  // x minus the nearest multiple of pi / 2, which is taken off in three parts (Cody and Waite). Farther out the device is on its own.
  floatHelper('quarterTurns', 'return Math.floor(x * 0.6366197723675814 + 0.5);'),
  floatHelper(
    'quarterRest',
    'const k = quarterTurns(x); return ((x - k * 1.5703125) - k * 0.00048351287841796875) - k * 3.1391647865048e-7;',
  ),
  floatHelper(
    'sine',
    `if (Math.abs(x) > 65536.0) { return Math.sin(x); }
    const k = quarterTurns(x);
    const turn = k - 4.0 * Math.floor(k * 0.25);
    const r = quarterRest(x);
    if (turn < 0.5) { return sineNear(r); }
    if (turn < 1.5) { return cosineNear(r); }
    if (turn < 2.5) { return -sineNear(r); }
    return -cosineNear(r);`,
  ),
  floatHelper(
    'cosine',
    `if (Math.abs(x) > 65536.0) { return Math.cos(x); }
    const k = quarterTurns(x);
    const turn = k - 4.0 * Math.floor(k * 0.25);
    const r = quarterRest(x);
    if (turn < 0.5) { return cosineNear(r); }
    if (turn < 1.5) { return -sineNear(r); }
    if (turn < 2.5) { return -cosineNear(r); }
    return sineNear(r);`,
  ),
  // |x| <= tan(pi / 8): Taylor.
  floatHelper(
    'arcTangentNear',
    `const z = x * x; return x * ${polynomial(
      'z',
      oddSeries(9, (k) => (-1) ** k / (2 * k + 1)),
    )};`,
  ),
  floatHelper(
    'arcTangent',
    `let a = Math.abs(x);
    let y = 0.0;
    if (a > 2.414213562373095) { y = 1.5707963267948966 + arcTangentNear(-1.0 / a); }
    else if (a > 0.4142135623730951) { y = 0.7853981633974483 + arcTangentNear((a - 1.0) / (a + 1.0)); }
    else { y = arcTangentNear(a); }
    if (x < 0.0) { return -y; }
    return y;`,
  ),
  floatHelper('arcSine', 'return 2.0 * arcTangent(x / (1.0 + Math.sqrt((1.0 - x) * (1.0 + x))));'),
  floatHelper(
    'arcHyperbolicSine',
    `const a = Math.abs(x);
    let y = 0.0;
    if (a > 1e9) { y = Math.log(a) + 0.6931471805599453; }
    else { y = logOnePlus(a + a * a / (1.0 + Math.sqrt(a * a + 1.0))); }
    if (x < 0.0) { return -y; }
    return y;`,
  ),
  // Half of e^x in two factors, which overflow no sooner than the result.
  floatHelper('halfExponential', 'const h = Math.exp(0.5 * x); return (0.5 * h) * h;'),
  floatHelper(
    'hyperbolicSine',
    `const a = Math.abs(x);
    if (a < 1.0) { const z = x * x; return x * ${polynomial(
      'z',
      oddSeries(6, (k) => 1 / factorial(2 * k + 1)),
    )}; }
    const y = halfExponential(a) - halfExponential(-a);
    if (x < 0.0) { return -y; }
    return y;`,
  ),
  floatHelper(
    'hyperbolicTangent',
    `const a = Math.abs(x);
    let y = 0.0;
    if (a < 0.25) { const e = expMinusOne(2.0 * a); y = e / (e + 2.0); }
    else { const t = Math.exp(-2.0 * a); y = (1.0 - t) / (1.0 + t); }
    if (x < 0.0) { return -y; }
    return y;`,
  ),
  // Polynomials fitted at Chebyshev's points: erf(x) / x in x^2 on [0, 1], and e^(x^2) erfc(x) / t in t = 1 / (1 + x / 2) beyond.
  floatHelper(
    'errorNear',
    `const z = x * x; return x * ${polynomial('z', [1.12837917, -0.376126269, 0.112835975, -0.0268543288, 0.00518931194, -0.000801885499, 7.88249711e-5])};`,
  ),
  floatHelper(
    'errorFar',
    `const t = 1.0 / (1.0 + 0.5 * x);
    return Math.exp(-x * x) * (t * ${polynomial('t', [0.282099718, 0.282012607, 0.247192515, 0.177744898, 0.0637126217, 0.0783546357, -0.222916652, 0.0923567333])});`,
  ),
  floatHelper(
    'errorFunction',
    'if (x < -1.0) { return errorFar(-x) - 1.0; } if (x > 1.0) { return 1.0 - errorFar(x); } return errorNear(x);',
  ),
  floatHelper(
    'errorComplement',
    'if (x < -1.0) { return 2.0 - errorFar(-x); } if (x > 1.0) { return errorFar(x); } return 1.0 - errorNear(x);',
  ),
];
