import { apply } from '../apply.ts';
import { checkFinite, checkInteger, checkNumber, checkTensor } from '../checks.ts';
import { isIntegral } from '../dtype.ts';
import { ArgumentError, DTypeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, mul, pow, sub } from './arithmetic.ts';
import { eq, gt, isfinite, isnan, logicalAnd, lt } from './comparison.ts';
import { type TensorLike, toFloating } from './operands.ts';
import { where } from './where.ts';

/** The bounds of `clamp`: at least one. */
export interface ClampOptions {
  /** The lower bound, a number or a tensor that broadcasts. */
  readonly min?: TensorLike;
  /** The upper bound; it wins where it is below `min`. */
  readonly max?: TensorLike;
}

/** How `round` rounds. */
export interface RoundOptions {
  /** Digits after the point to keep; negative ones round before it. Default 0. */
  readonly decimals?: number;
}

/** What `nanToNum` puts in place of what is not finite. */
export interface NanToNumOptions {
  /** In place of `NaN`; default 0. */
  readonly nan?: number;
  /** In place of infinity; default the greatest number of the dtype. */
  readonly posinf?: number;
  /** In place of minus infinity; default the least number of the dtype. */
  readonly neginf?: number;
}

/** What `logit` takes. */
export interface LogitOptions {
  /** Arguments are clamped to `[eps, 1 - eps]` first; default: not at all. */
  readonly eps?: number;
}

/**
 * `-x`; uint8 wraps. PyTorch: `torch.neg`.
 *
 * @throws DTypeError for bools.
 * @example neg(tensor([1, -2])) // [-1, 2]
 */
export function neg(x: Tensor): Tensor {
  return numeric('neg', x);
}

/**
 * `|x|`. PyTorch: `torch.abs`.
 *
 * @throws DTypeError for bools.
 * @example abs(tensor([1, -2])) // [1, 2]
 */
export function abs(x: Tensor): Tensor {
  return numeric('abs', x);
}

/**
 * The greatest whole number not above `x`. PyTorch: `torch.floor`.
 *
 * @throws DTypeError for bools.
 * @example floor(tensor([1.5, -1.5])) // [1, -2]
 */
export function floor(x: Tensor): Tensor {
  return rounded('floor', x);
}

/**
 * The least whole number not below `x`. PyTorch: `torch.ceil`.
 *
 * @throws DTypeError for bools.
 * @example ceil(tensor([1.5, -1.5])) // [2, -1]
 */
export function ceil(x: Tensor): Tensor {
  return rounded('ceil', x);
}

/**
 * `x` without its fraction: rounded towards zero. PyTorch: `torch.trunc`.
 *
 * @throws DTypeError for bools.
 * @example trunc(tensor([1.5, -1.5])) // [1, -1]
 */
export function trunc(x: Tensor): Tensor {
  return rounded('trunc', x);
}

/**
 * `e^x`; integers give float32. PyTorch: `torch.exp`.
 *
 * @example exp(tensor([0, 1])) // [1, 2.7183]
 */
export function exp(x: Tensor): Tensor {
  return floating('exp', x);
}

/**
 * `e^x - 1`, exact for small `x`. PyTorch: `torch.expm1`.
 *
 * @example expm1(tensor([1e-8])) // [1e-8]
 */
export function expm1(x: Tensor): Tensor {
  return floating('expm1', x);
}

/**
 * The natural logarithm: `NaN` below 0, `-Infinity` at 0. PyTorch: `torch.log`.
 *
 * @example log(tensor([1, Math.E])) // [0, 1]
 */
export function log(x: Tensor): Tensor {
  return floating('log', x);
}

/**
 * `log(1 + x)`, exact for small `x`. PyTorch: `torch.log1p`.
 *
 * @example log1p(tensor([1e-8])) // [1e-8]
 */
export function log1p(x: Tensor): Tensor {
  return floating('log1p', x);
}

/**
 * The square root: `NaN` below 0. PyTorch: `torch.sqrt`.
 *
 * @example sqrt(tensor([4, 9])) // [2, 3]
 */
export function sqrt(x: Tensor): Tensor {
  return floating('sqrt', x);
}

/**
 * `1 / sqrt(x)`. PyTorch: `torch.rsqrt`.
 *
 * @example rsqrt(tensor([4, 16])) // [0.5, 0.25]
 */
export function rsqrt(x: Tensor): Tensor {
  return floating('rsqrt', x);
}

/**
 * The error function, `2/√π ∫₀ˣ exp(-t²) dt`. PyTorch: `torch.erf`.
 *
 * @example erf(tensor([0, 1])) // [0, 0.8427]
 */
export function erf(x: Tensor): Tensor {
  return floating('erf', x);
}

/**
 * `1 - erf(x)`, exact also where `erf(x)` is nearly 1. PyTorch: `torch.erfc`.
 *
 * @example erfc(tensor([0, 5])) // [1, 1.5375e-12]
 */
export function erfc(x: Tensor): Tensor {
  return floating('erfc', x);
}

/**
 * -1, 0 or 1 as `x` is negative, zero (or `NaN`) or positive. PyTorch: `torch.sign`.
 *
 * @example sign(tensor([-3, 0, 2])) // [-1, 0, 1]
 */
export function sign(x: Tensor): Tensor {
  checkTensor('sign', 'x', x);
  return apply('sign', [x], {}, []);
}

/**
 * The nearest whole number, or the nearest with so many decimals; halves go to the even neighbour. PyTorch: `torch.round`.
 *
 * @throws DTypeError for bools, and for integers with `decimals`; ArgumentError if `decimals` is not a whole number.
 * @example round(tensor([0.5, 1.5, 2.5])) // [0, 2, 2]
 */
export function round(x: Tensor, options: RoundOptions = {}): Tensor {
  const { decimals = 0 } = options;
  checkInteger('round', 'decimals', decimals, -300, 300);
  if (decimals === 0) return rounded('round', x);
  checkTensor('round', 'x', x);
  if (isIntegral(x.dtype)) throw new DTypeError(`round: decimals need a float32 or float64 tensor; got ${x.dtype}`);
  const factor = 10 ** Math.abs(decimals);
  return decimals > 0 ? div(rounded('round', mul(x, factor)), factor) : mul(rounded('round', div(x, factor)), factor);
}

/**
 * The fraction, `x - trunc(x)`, with the sign of `x`. PyTorch: `torch.frac`.
 *
 * @throws DTypeError for bools.
 * @example frac(tensor([1.5, -1.25])) // [0.5, -0.25]
 */
export function frac(x: Tensor): Tensor {
  return sub(x, rounded('frac', x, 'trunc'));
}

/**
 * `2^x`. PyTorch: `torch.exp2`.
 *
 * @example exp2(tensor([0, 3])) // [1, 8]
 */
export function exp2(x: Tensor): Tensor {
  checkTensor('exp2', 'x', x);
  return pow(2, toFloating(x));
}

/**
 * The logarithm to base 2. PyTorch: `torch.log2`.
 *
 * @example log2(tensor([1, 8])) // [0, 3]
 */
export function log2(x: Tensor): Tensor {
  return exactAtPowers(x, 2, div(floating('log', x, 'log2'), Math.LN2));
}

/**
 * The logarithm to base 10. PyTorch: `torch.log10`.
 *
 * @example log10(tensor([1, 1000])) // [0, 3]
 */
export function log10(x: Tensor): Tensor {
  return exactAtPowers(x, 10, div(floating('log', x, 'log10'), Math.LN10));
}

/** A logarithm that is whole where `x` is a power of the base, and so survives `floor`. */
function exactAtPowers(x: Tensor, base: number, logarithm: Tensor): Tensor {
  const whole = apply('round', [logarithm], {}, []);
  const isPower = logicalAnd(eq(pow(base, whole), x), isfinite(logarithm));
  const correction = where(isPower, sub(whole, logarithm), 0);
  return add(logarithm, apply('detach', [correction], {}, []));
}

/**
 * `x²`. PyTorch: `torch.square`.
 *
 * @example square(tensor([3, -4])) // [9, 16]
 */
export function square(x: Tensor): Tensor {
  checkTensor('square', 'x', x);
  return pow(x, 2);
}

/**
 * `1 / x`; integers give float32. PyTorch: `torch.reciprocal`.
 *
 * @example reciprocal(tensor([4, 0])) // [0.25, Infinity]
 */
export function reciprocal(x: Tensor): Tensor {
  checkTensor('reciprocal', 'x', x);
  return div(1, x);
}

/**
 * `log(x / (1 - x))`, the inverse of `sigmoid`. PyTorch: `torch.logit`.
 *
 * @throws ArgumentError if `eps` is not in [0, 0.5].
 * @example logit(tensor([0.5])) // [0]
 */
export function logit(x: Tensor, options: LogitOptions = {}): Tensor {
  checkTensor('logit', 'x', x);
  const p = options.eps === undefined ? toFloating(x) : clampedProbability(toFloating(x), options.eps);
  return floating('log', div(p, sub(1, p)));
}

function clampedProbability(x: Tensor, eps: number): Tensor {
  checkFinite('logit', 'eps', eps);
  if (eps < 0 || eps > 0.5) throw new ArgumentError(`logit: eps must be in [0, 0.5]; got ${eps}`);
  return clamp(x, { min: eps, max: 1 - eps });
}

/**
 * `min(max(x, min), max)`: `NaN` stays, and the gradient passes where `min <= x <= max`. PyTorch: `torch.clamp`.
 *
 * @throws ArgumentError if neither bound is given, or one is `NaN`.
 * @example clamp(tensor([-2, 0.5, 2]), { min: 0, max: 1 }) // [0, 0.5, 1]
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  checkTensor('clamp', 'x', x);
  const { min, max } = options;
  if (min === undefined && max === undefined) throw new ArgumentError('clamp: min or max must be given; got neither');
  if (typeof min === 'number') checkNumber('clamp', 'min', min);
  if (typeof max === 'number') checkNumber('clamp', 'max', max);
  const raised = min === undefined ? x : where(lt(x, min), min, x);
  return max === undefined ? raised : where(gt(raised, max), max, raised);
}

/** Another name of `clamp`. PyTorch: `torch.clip`. */
export const clip: typeof clamp = clamp;

/**
 * `x` with numbers in place of `NaN` and the infinities; integers as they are. PyTorch: `torch.nan_to_num`.
 *
 * @example nanToNum(tensor([NaN, Infinity, 1]), { posinf: 9 }) // [0, 9, 1]
 */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  checkTensor('nanToNum', 'x', x);
  if (isIntegral(x.dtype)) return x;
  const most = x.dtype === 'float32' ? greatestFloat32 : Number.MAX_VALUE;
  const { nan = 0, posinf = most, neginf = -most } = options;
  const finite = where(eq(x, Number.POSITIVE_INFINITY), posinf, where(eq(x, Number.NEGATIVE_INFINITY), neginf, x));
  return where(isnan(x), nan, finite);
}

const greatestFloat32 = (2 - 2 ** -23) * 2 ** 127;

export const elementwiseMethods = {
  neg,
  abs,
  sign,
  floor,
  ceil,
  round,
  trunc,
  frac,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  square,
  reciprocal,
  erf,
  erfc,
  logit,
  clamp,
  clip,
  nanToNum,
};

/** A function of fractions: integers and bools are brought to float32. */
function floating(name: 'exp' | 'expm1' | 'log' | 'log1p' | 'sqrt' | 'rsqrt' | 'erf' | 'erfc', x: Tensor, caller: string = name): Tensor {
  checkTensor(caller, 'x', x);
  return apply(name, [toFloating(x)], {}, []);
}

/** A function of numbers, whole ones too. */
function numeric(name: 'neg' | 'abs', x: Tensor): Tensor {
  checkNumeric(name, x);
  return apply(name, [x], {}, []);
}

/** A rounding: whole numbers stay as they are. */
function rounded(caller: string, x: Tensor, name = caller as 'floor' | 'ceil' | 'trunc' | 'round'): Tensor {
  checkNumeric(caller, x);
  return isIntegral(x.dtype) ? apply('reshape', [x], { shape: x.shape }, []) : apply(name, [x], {}, []);
}

function checkNumeric(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  if (x.dtype === 'bool') throw new DTypeError(`${caller}: needs numbers; got bools. Cast them: x.int(), or use logicalNot`);
}
