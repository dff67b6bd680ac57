import { apply } from '../apply.ts';
import { checkDType, checkFinite, checkFloating, checkNumber, checkOneOf, checkTensor } from '../checks.ts';
import type { DType } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { nextRandomScalars } from '../random.ts';
import { normalizeDim } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { unchanged } from './movement.ts';
import { castTo } from './operands.ts';

/** What `softmax` and `logSoftmax` take. */
export interface SoftmaxOptions {
  /** What the input is cast to first. Default: its own dtype. */
  readonly dtype?: DType;
}

/** What `dropout` takes. */
export interface DropoutOptions {
  /** The probability of an element to become zero, in [0, 1]. Default 0.5. */
  readonly p?: number;
  /** `false` returns the input as it is. Default true. */
  readonly training?: boolean;
}

/** What `gelu` takes. */
export interface GeluOptions {
  /** `none` computes it exactly, `tanh` by the formula that many models were trained with. Default `none`. */
  readonly approximate?: 'none' | 'tanh';
}

/** What `softplus` takes. */
export interface SoftplusOptions {
  /** How sharp the bend at 0 is. Default 1. */
  readonly beta?: number;
  /** Where `beta x` exceeds it, the result is `x` itself. Default 20. */
  readonly threshold?: number;
}

/**
 * `exp(x_i) / Σ_j exp(x_j)` along a dim, without overflow. PyTorch: `torch.softmax`.
 *
 * @throws DTypeError if the input is not float32 or float64 and no dtype is given; ArgumentError if there is no such dim.
 * @example softmax(tensor([0, 0]), 0) // [0.5, 0.5]
 */
export function softmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return normalized('softmax', x, dim, options);
}

/**
 * `log(softmax(x))` along a dim, accurate also where the softmax is nearly 0. PyTorch: `torch.log_softmax`.
 *
 * @throws DTypeError if the input is not float32 or float64 and no dtype is given; ArgumentError if there is no such dim.
 * @example logSoftmax(tensor([0, 0]), 0) // [-0.6931, -0.6931]
 */
export function logSoftmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return normalized('logSoftmax', x, dim, options);
}

/**
 * Zeroes each element with probability p and divides the others by `1 - p`, with fresh random numbers at each call.
 * PyTorch: `torch.nn.functional.dropout`; Srivastava et al., "Dropout" (2014).
 *
 * @throws ArgumentError if p is not in [0, 1]; DTypeError if the input is not float32 or float64.
 * @example dropout(ones([4]), { p: 0.5 }) // [2, 0, 0, 2], say
 */
export function dropout(x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p = 0.5, training = true } = options;
  checkFraction('dropout', x);
  checkNumber('dropout', 'p', p);
  if (p < 0 || p > 1) throw new ArgumentError(`dropout: p must be in [0, 1]; got ${p}`);
  return training ? apply('dropout', [x], {}, [p, ...nextRandomScalars()]) : unchanged(x);
}

/**
 * `x Φ(x)`, with Φ the distribution function of the standard normal distribution. PyTorch: `torch.nn.functional.gelu`;
 * Hendrycks and Gimpel, "Gaussian error linear units" (2016).
 *
 * @throws DTypeError if the input is not float32 or float64.
 * @example gelu(tensor([-1, 0, 1])) // [-0.1587, 0, 0.8413]
 */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  const { approximate = 'none' } = options;
  checkFraction('gelu', x);
  checkOneOf('gelu', 'approximate', approximate, ['none', 'tanh']);
  return apply('gelu', [x], { approximate }, []);
}

/**
 * `x · sigmoid(x)`, also called swish. PyTorch: `torch.nn.functional.silu`.
 *
 * @throws DTypeError if the input is not float32 or float64.
 * @example silu(tensor([0, 1])) // [0, 0.7311]
 */
export function silu(x: Tensor): Tensor {
  checkFraction('silu', x);
  return apply('silu', [x], {}, []);
}

/**
 * `log(1 + exp(beta x)) / beta`, a smooth `relu`. PyTorch: `torch.nn.functional.softplus`.
 *
 * @throws ArgumentError if beta is 0 or not finite; DTypeError if the input is not float32 or float64.
 * @example softplus(tensor([0, 30])) // [0.6931, 30]
 */
export function softplus(x: Tensor, options: SoftplusOptions = {}): Tensor {
  const { beta = 1, threshold = 20 } = options;
  checkFraction('softplus', x);
  checkFinite('softplus', 'beta', beta);
  checkNumber('softplus', 'threshold', threshold);
  if (beta === 0) throw new ArgumentError('softplus: beta must not be 0; got 0');
  return apply('softplus', [x], {}, [beta, threshold]);
}

export const fusedMethods = { softmax, logSoftmax, dropout, gelu, silu, softplus };

// ---------------------------------------------------------------------------------------------------------------------

function normalized(name: 'softmax' | 'logSoftmax', x: Tensor, dim: number, { dtype }: SoftmaxOptions): Tensor {
  checkTensor(name, 'x', x);
  if (dtype !== undefined) checkDType(name, dtype);
  const input = castTo(x, dtype ?? x.dtype);
  checkFloating(name, 'x', input);
  return apply(name, [input], { dim: normalizeDim(name, dim, x.ndim) }, []);
}

function checkFraction(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
}
