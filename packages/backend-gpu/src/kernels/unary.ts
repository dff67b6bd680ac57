/** What an operation does with the numbers of one element: statements over `x`, or `a` and `b`, that return its value. */
export interface Code {
  readonly float: string;
  /** For integers and bools, where it differs. */
  readonly integer?: string;
  /** The integer code (else the float one) leaves a whole number that uint8 has to wrap. */
  readonly wraps?: true;
}

const give = (expression: string): string => `return ${expression};`;

/** NaN stays NaN, whatever the device's function makes of it. */
const guarded = (code: string): string => `if (isNan(x) > 0.5) { return x; }\n${code}`;
const guardedFunction = (expression: string): Code => ({ float: guarded(give(expression)) });

/** An infinity stays one: range reduction would make NaN of it. */
const withInfinity = (code: string): string => `if (Math.abs(x) === inf) { return x; }\n${code}`;
const periodic = (expression: string): Code => ({ float: `if (!(Math.abs(x) < inf)) { return nan; }\n${give(expression)}` });
const identity: string = give('x');
const keepsIntegers = (expression: string): Code => ({ float: give(expression), integer: identity });

export const unaryCode = {
  neg: { float: give('-x'), wraps: true },
  abs: { float: give('Math.abs(x)') },
  sign: { float: 'if (x > 0.0) { return 1.0; } if (x < 0.0) { return -1.0; } return 0.0;' },
  floor: keepsIntegers('Math.floor(x)'),
  ceil: keepsIntegers('Math.ceil(x)'),
  round: keepsIntegers('roundEven(x)'),
  trunc: keepsIntegers('Math.trunc(x)'),
  exp: guardedFunction('Math.exp(x)'),
  log: { float: guarded('if (x > 0.0) { return Math.log(x); } if (x < 0.0) { return nan; } return -inf;') },
  log1p: {
    float: guarded('if (x === inf) { return x; } if (x > -1.0) { return logOnePlus(x); } if (x < -1.0) { return nan; } return -inf;'),
  },
  expm1: { float: guarded(give('expMinusOne(x)')) },
  sqrt: { float: guarded('if (x < 0.0) { return nan; } return Math.sqrt(x);') },
  rsqrt: { float: guarded('if (x < 0.0) { return nan; } if (x === 0.0) { return 1.0 / x; } return 1.0 / Math.sqrt(x);') },
  sin: periodic('sine(x)'),
  cos: periodic('cosine(x)'),
  tan: periodic('sine(x) / cosine(x)'),
  asin: { float: guarded('if (Math.abs(x) > 1.0) { return nan; } return arcSine(x);') },
  acos: { float: guarded('if (Math.abs(x) > 1.0) { return nan; } return 2.0 * arcTangent(Math.sqrt((1.0 - x) / (1.0 + x)));') },
  atan: guardedFunction('arcTangent(x)'),
  sinh: guardedFunction('hyperbolicSine(x)'),
  cosh: guardedFunction('halfExponential(Math.abs(x)) + halfExponential(-Math.abs(x))'),
  asinh: { float: guarded(withInfinity(give('arcHyperbolicSine(x)'))) },
  acosh: {
    float: guarded(`if (x < 1.0) { return nan; }
      if (x > 1e9) { return Math.log(x) + 0.6931471805599453; }
      const t = x - 1.0;
      return logOnePlus(t + Math.sqrt(2.0 * t + t * t));`),
  },
  atanh: {
    float: guarded(`const size = Math.abs(x);
      if (size > 1.0) { return nan; }
      if (size === 1.0) { return x * inf; }
      const half = 0.5 * logOnePlus(2.0 * size / (1.0 - size));
      if (x < 0.0) { return -half; }
      return half;`),
  },
  tanh: guardedFunction('hyperbolicTangent(x)'),
  sigmoid: guardedFunction('1.0 / (1.0 + Math.exp(-x))'),
  erf: guardedFunction('errorFunction(x)'),
  erfc: guardedFunction('errorComplement(x)'),
  relu: { float: 'if (x < 0.0) { return 0.0; } return x;' },
  isnan: { float: give('isNan(x)'), integer: give('0.0') },
  logicalNot: { float: 'if (x === 0.0) { return 1.0; } return 0.0;' },
} as const satisfies Record<string, Code>;
