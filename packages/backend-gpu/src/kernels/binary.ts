import type { Code } from './unary.ts';

const give = (expression: string): string => `return ${expression};`;
const test = (condition: string): Code => ({ float: `if (${condition}) { return 1.0; } return 0.0;` });
const arithmetic = (expression: string): Code => ({ float: give(expression), wraps: true });

/** An integer divided by zero is 0, and so is its remainder. */
const integerDivision = (expression: string): string => `if (b === 0.0) { return 0.0; } ${give(expression)}`;
const divisionByZeroIsNaN = `if (isNan(a) > 0.5) { return a; }
  if (isNan(b) > 0.5) { return b; }
  if (b === 0.0 || Math.abs(a) === inf) { return nan; }`;

/** By squaring where the exponent is whole and small: a device's `pow` knows no negative base, and rounds. */
const power = `if (b === 0.0 || a === 1.0) { return 1.0; }
  if (isNan(a) > 0.5) { return a; }
  if (isNan(b) > 0.5) { return b; }
  const size = Math.abs(a);
  const degree = Math.abs(b);
  if (degree === inf) {
    if (size === 1.0) { return 1.0; }
    if (size > 1.0) { if (b > 0.0) { return inf; } return 0.0; }
    if (b > 0.0) { return 0.0; }
    return inf;
  }
  const whole = Math.floor(b);
  let p = 1.0;
  if (whole === b && degree <= 64.0) {
    let square = size;
    let rest = degree;
    for (let k = 0; k < 7; k++) {
      const half = Math.floor(rest * 0.5);
      if (rest - half * 2.0 > 0.5) { p = p * square; }
      square = square * square;
      rest = half;
    }
    if (b < 0.0) { p = 1.0 / p; }
  } else {
    if (size > 0.0 && size < inf) { p = Math.pow(size, b); }
    else { if ((size > 1.0 && b > 0.0) || (size < 1.0 && b < 0.0)) { p = inf; } else { p = 0.0; } }
  }
  if (a < 0.0) {
    if (whole !== b && size < inf) { return nan; }
    const pairs = Math.floor(b * 0.5);
    if (b - pairs * 2.0 > 0.5) { return -p; }
  }
  return p;`;

/** By squaring, each product wrapped where uint8 wraps. A negative exponent leaves something only of 1 and -1. */
const integerPower = `if (b < 0.0) {
    if (a === 1.0) { return 1.0; }
    if (a === -1.0) { const pairsBelow = Math.floor(b * 0.5); if (b - pairsBelow * 2.0 > 0.5) { return -1.0; } return 1.0; }
    return 0.0;
  }
  let p = 1.0;
  let square = a;
  let rest = b;
  for (let k = 0; k < 24; k++) {
    if (rest > 0.5) {
      const half = Math.floor(rest * 0.5);
      if (rest - half * 2.0 > 0.5) { p = wrap(p * square); }
      square = wrap(square * square);
      rest = half;
    }
  }
  return p;`;

const angle = `if (isNan(a) > 0.5) { return a; }
  if (isNan(b) > 0.5) { return b; }
  const height = Math.abs(a);
  const width = Math.abs(b);
  let t = 0.0;
  if (height === width) { if (height > 0.0) { t = 0.7853981633974483; } }
  else {
    if (height > width) { t = 1.5707963267948966 - arcTangent(width / height); }
    else { t = arcTangent(height / width); }
  }
  if (b < 0.0 || (b === 0.0 && 1.0 / b < 0.0)) { t = 3.141592653589793 - t; }
  if (a < 0.0 || (a === 0.0 && 1.0 / a < 0.0)) { return -t; }
  return t;`;

export const binaryCode = {
  add: arithmetic('a + b'),
  sub: arithmetic('a - b'),
  mul: arithmetic('a * b'),
  div: { float: give('a / b') },
  floorDivide: {
    float: `if (b === 0.0 && Math.abs(a) > 0.0) { return a / b; }
      ${divisionByZeroIsNaN}
      if (Math.abs(b) === inf) { if ((a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0)) { return -1.0; } return 0.0; }
      const r = remainderOf(a, b);
      let q = (a - r) / b;
      if ((r < 0.0 && b > 0.0) || (r > 0.0 && b < 0.0)) { q = q - 1.0; }
      const whole = Math.floor(q);
      if (q - whole > 0.5) { return whole + 1.0; }
      return whole;`,
    integer: integerDivision('floorQuotient(a, b)'),
  },
  remainder: {
    float: `${divisionByZeroIsNaN}
      if (Math.abs(b) === inf) { if ((a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0)) { return b; } return a; }
      const r = remainderOf(a, b);
      if ((r < 0.0 && b > 0.0) || (r > 0.0 && b < 0.0)) { return r + b; }
      return r;`,
    integer: integerDivision('a - floorQuotient(a, b) * b'),
  },
  fmod: {
    float: `${divisionByZeroIsNaN} if (Math.abs(b) === inf) { return a; } ${give('remainderOf(a, b)')}`,
    integer: integerDivision('remainderOf(a, b)'),
  },
  pow: { float: power, integer: integerPower, wraps: true },
  atan2: { float: angle },
  maximum: { float: 'if (a > b || isNan(a) > 0.5) { return a; } return b;' },
  minimum: { float: 'if (a < b || isNan(a) > 0.5) { return a; } return b;' },
  eq: test('a === b'),
  // Not `!==`: a device may compare as if there were no NaN.
  ne: { float: 'if (a === b) { return 0.0; } return 1.0;' },
  lt: test('a < b'),
  le: test('a <= b'),
  gt: test('a > b'),
  ge: test('a >= b'),
  logicalAnd: { float: 'if (a === 0.0 || b === 0.0) { return 0.0; } return 1.0;' },
  logicalOr: { float: 'if (a === 0.0 && b === 0.0) { return 0.0; } return 1.0;' },
  logicalXor: {
    float: 'if (a === 0.0) { if (b === 0.0) { return 0.0; } return 1.0; } if (b === 0.0) { return 1.0; } return 0.0;',
  },
} as const satisfies Record<string, Code>;
