import { apply } from '../apply.ts';
import { checkFinite, checkFloating, checkNumber, checkTensor } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { formatShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { ge, gt, le, lt } from './comparison.ts';
import { neg } from './elementwise.ts';
import { toFloating } from './operands.ts';
import { where } from './where.ts';

/** What `elu` and `celu` take. */
export interface EluOptions {
  /** Where the negative side ends: at `-alpha`. Default 1. */
  readonly alpha?: number;
}

/** What `leakyRelu` takes. */
export interface LeakyReluOptions {
  /** The slope below zero; default 0.01. */
  readonly negativeSlope?: number;
}

/** What `hardtanh` takes. */
export interface HardtanhOptions {
  /** The least value; default -1. */
  readonly minVal?: number;
  /** The greatest value; default 1. */
  readonly maxVal?: number;
}

/** What `hardshrink` and `softshrink` take. */
export interface ShrinkOptions {
  /** Half the width of the interval that becomes zero; default 0.5. */
  readonly lambd?: number;
}

/**
 * `max(x, 0)`; `NaN` stays. The gradient at 0 is 0. PyTorch: `torch.relu`.
 *
 * @throws DTypeError for bools.
 * @example relu(tensor([-1, 2])) // [0, 2]
 */
export function relu(x: Tensor): Tensor {
  checkTensor('relu', 'x', x);
  if (x.dtype === 'bool') throw new DTypeError('relu: needs numbers; got bools. Cast them: x.float()');
  return apply('relu', [x], {}, []);
}

/**
 * `1 / (1 + e^-x)`. PyTorch: `torch.sigmoid`.
 *
 * @example sigmoid(tensor([0])) // [0.5]
 */
export function sigmoid(x: Tensor): Tensor {
  checkTensor('sigmoid', 'x', x);
  return apply('sigmoid', [toFloating(x)], {}, []);
}

/**
 * The hyperbolic tangent. PyTorch: `torch.tanh`.
 *
 * @example tanh(tensor([0, 1])) // [0, 0.7616]
 */
export function tanh(x: Tensor): Tensor {
  checkTensor('tanh', 'x', x);
  return apply('tanh', [toFloating(x)], {}, []);
}

/**
 * `log(sigmoid(x))`, without overflow. PyTorch: `torch.nn.functional.logsigmoid`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example logsigmoid(tensor([0])) // [-0.6931]
 */
export function logsigmoid(x: Tensor): Tensor {
  checkInput('logsigmoid', x);
  return neg(softplusOf(neg(x)));
}

/**
 * `min(max(x, 0), 6)`. PyTorch: `torch.nn.functional.relu6`.
 *
 * @throws DTypeError for bools.
 * @example relu6(tensor([-1, 3, 8])) // [0, 3, 6]
 */
export function relu6(x: Tensor): Tensor {
  return squeezed('relu6', x, 0, 6);
}

/**
 * `x` above zero, `alpha (e^x - 1)` below. PyTorch: `torch.nn.functional.elu`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example elu(tensor([-1, 2])) // [-0.6321, 2]
 */
export function elu(x: Tensor, options: EluOptions = {}): Tensor {
  const { alpha = 1 } = options;
  checkInput('elu', x);
  checkFinite('elu', 'alpha', alpha);
  return where(gt(x, 0), x, mul(alpha, expm1BelowZero(x)));
}

/**
 * `scale * elu(x, alpha)` with the two numbers that keep mean 0 and variance 1 (Klambauer et al. 2017). PyTorch: `torch.selu`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example selu(tensor([1])) // [1.0507]
 */
export function selu(x: Tensor): Tensor {
  checkInput('selu', x);
  return mul(1.0507009873554805, elu(x, { alpha: 1.6732632423543772 }));
}

/**
 * `x` above zero, `alpha (e^(x / alpha) - 1)` below: smooth for every alpha. PyTorch: `torch.celu`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError if `alpha` is 0.
 * @example celu(tensor([-1, 2])) // [-0.6321, 2]
 */
export function celu(x: Tensor, options: EluOptions = {}): Tensor {
  const { alpha = 1 } = options;
  checkInput('celu', x);
  checkFinite('celu', 'alpha', alpha);
  if (alpha === 0) throw new ArgumentError('celu: alpha must not be 0; got 0');
  return where(gt(x, 0), x, mul(alpha, expm1BelowZero(x, alpha)));
}

/**
 * `x` above zero, `negativeSlope * x` below. PyTorch: `torch.nn.functional.leaky_relu`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example leakyRelu(tensor([-1, 2])) // [-0.01, 2]
 */
export function leakyRelu(x: Tensor, options: LeakyReluOptions = {}): Tensor {
  const { negativeSlope = 0.01 } = options;
  checkInput('leakyRelu', x);
  checkFinite('leakyRelu', 'negativeSlope', negativeSlope);
  return where(gt(x, 0), x, mul(x, negativeSlope));
}

/**
 * `x` above zero, `weight * x` below; one weight for all, or one for each index of dim 1. PyTorch: `torch.prelu`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ShapeError if the number of weights is neither 1 nor the size of dim 1.
 * @example prelu(tensor([-1, 2]), tensor([0.25])) // [-0.25, 2]
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  checkInput('prelu', x);
  checkTensor('prelu', 'weight', weight);
  const channels = x.shape[1] ?? 1;
  if (weight.ndim > 1 || (weight.numel() !== 1 && weight.numel() !== channels)) {
    throw new ShapeError(
      `prelu: weight must hold 1 or ${channels} numbers; got ${formatShape(weight.shape)} for x ${formatShape(x.shape)}`,
    );
  }
  const shape = weight.numel() === 1 ? [] : x.shape.slice(1).map((size, i) => (i === 0 ? size : 1));
  return where(gt(x, 0), x, mul(x, apply('reshape', [weight], { shape }, [])));
}

/**
 * `min(max(x, minVal), maxVal)`; unlike `clamp`, no gradient passes at the bounds. PyTorch: `torch.nn.functional.hardtanh`.
 *
 * @throws DTypeError for bools; ArgumentError if `minVal` is not below `maxVal`.
 * @example hardtanh(tensor([-2, 0.5])) // [-1, 0.5]
 */
export function hardtanh(x: Tensor, options: HardtanhOptions = {}): Tensor {
  const { minVal = -1, maxVal = 1 } = options;
  checkNumber('hardtanh', 'minVal', minVal);
  checkNumber('hardtanh', 'maxVal', maxVal);
  if (minVal >= maxVal) throw new ArgumentError(`hardtanh: minVal must be below maxVal; got ${minVal} and ${maxVal}`);
  return squeezed('hardtanh', x, minVal, maxVal);
}

/**
 * `min(max(x + 3, 0), 6) / 6`. PyTorch: `torch.nn.functional.hardsigmoid`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example hardsigmoid(tensor([-3, 0, 3])) // [0, 0.5, 1]
 */
export function hardsigmoid(x: Tensor): Tensor {
  checkInput('hardsigmoid', x);
  return div(squeezed('hardsigmoid', add(x, 3), 0, 6), 6);
}

/**
 * `x * hardsigmoid(x)` (Howard et al. 2019). PyTorch: `torch.nn.functional.hardswish`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example hardswish(tensor([-4, 1, 4])) // [0, 0.6667, 4]
 */
export function hardswish(x: Tensor): Tensor {
  checkInput('hardswish', x);
  return div(mul(x, squeezed('hardswish', add(x, 3), 0, 6)), 6);
}

/**
 * `x / (1 + |x|)`. PyTorch: `torch.nn.functional.softsign`.
 *
 * @throws DTypeError for bools.
 * @example softsign(tensor([-1, 3])) // [-0.5, 0.75]
 */
export function softsign(x: Tensor): Tensor {
  checkNumbers('softsign', x);
  return div(x, add(apply('abs', [x], {}, []), 1));
}

/**
 * `x - tanh(x)`. PyTorch: `torch.nn.functional.tanhshrink`.
 *
 * @example tanhshrink(tensor([1])) // [0.2384]
 */
export function tanhshrink(x: Tensor): Tensor {
  checkTensor('tanhshrink', 'x', x);
  return sub(x, tanh(x));
}

/**
 * `x`, but zero where `|x| <= lambd`. PyTorch: `torch.nn.functional.hardshrink`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example hardshrink(tensor([0.2, -0.7])) // [0, -0.7]
 */
export function hardshrink(x: Tensor, options: ShrinkOptions = {}): Tensor {
  const lambd = shrinkage('hardshrink', x, options);
  return where(le(apply('abs', [x], {}, []), lambd), 0, x);
}

/**
 * `x` moved towards zero by `lambd`, and zero where `|x| <= lambd`. PyTorch: `torch.nn.functional.softshrink`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError if `lambd` is negative.
 * @example softshrink(tensor([0.2, -0.7])) // [0, -0.2]
 */
export function softshrink(x: Tensor, options: ShrinkOptions = {}): Tensor {
  const lambd = shrinkage('softshrink', x, options);
  const inside = where(lt(x, -lambd), add(x, lambd), mul(x, 0));
  return where(gt(x, lambd), sub(x, lambd), inside);
}

/**
 * `x * tanh(softplus(x))` (Misra 2019). PyTorch: `torch.nn.functional.mish`.
 *
 * @throws DTypeError if `x` is not float32 or float64.
 * @example mish(tensor([1])) // [0.8651]
 */
export function mish(x: Tensor): Tensor {
  checkInput('mish', x);
  return mul(x, apply('tanh', [softplusOf(x)], {}, []));
}

export const activationMethods = {
  relu,
  sigmoid,
  tanh,
  logsigmoid,
  relu6,
  elu,
  selu,
  celu,
  leakyRelu,
  prelu,
  hardtanh,
  hardsigmoid,
  hardswish,
  softsign,
  tanhshrink,
  hardshrink,
  softshrink,
  mish,
};

/** Above this, `log(1 + e^x)` is `x` in float64 too. */
const linearFrom = 40;

function softplusOf(x: Tensor): Tensor {
  return apply('softplus', [x], {}, [1, linearFrom]);
}

/** `e^(x / alpha) - 1` below zero. Above, 0: else an overflow there would turn the gradient of `where` into `NaN`. */
function expm1BelowZero(x: Tensor, alpha = 1): Tensor {
  const negative = where(gt(x, 0), 0, x);
  return apply('expm1', [alpha === 1 ? negative : div(negative, alpha)], {}, []);
}

function squeezed(caller: string, x: Tensor, least: number, most: number): Tensor {
  checkNumbers(caller, x);
  return where(le(x, least), least, where(ge(x, most), most, x));
}

function shrinkage(caller: string, x: Tensor, { lambd = 0.5 }: ShrinkOptions): number {
  checkInput(caller, x);
  checkNumber(caller, 'lambd', lambd);
  if (lambd < 0) throw new ArgumentError(`${caller}: lambd must not be negative; got ${lambd}`);
  return lambd;
}

function checkInput(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
}

function checkNumbers(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  if (x.dtype === 'bool') throw new DTypeError(`${caller}: needs numbers; got bools. Cast them: x.float()`);
}
