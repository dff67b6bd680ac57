import { apply } from '../apply.ts';
import { checkFinite, checkNumber, checkTensor } from '../checks.ts';
import { isFloating } from '../dtype.ts';
import type { Tensor } from '../tensor.ts';
import { checkInput, countOf, type DimOptions, dimsOf, extreme, isEmptyAlong, lineUp, type ReductionOptions, reduce } from './along.ts';
import { add, div, mul, pow, sub } from './arithmetic.ts';
import { eq, isinf, isnan } from './comparison.ts';
import { castTo, toFloating } from './operands.ts';
import { where } from './where.ts';

/** What `var`, `std` and their kin take. */
export interface VarianceOptions extends ReductionOptions {
  /** Subtracted from the number of elements in the divisor: 1 (the default) estimates without bias, 0 describes the data at hand. */
  readonly correction?: number;
}

/** What `norm` takes. */
export interface NormOptions extends ReductionOptions {
  /** The order: `(Σ |x|^p)^(1/p)`; infinity takes the greatest `|x|`, minus infinity the least, 0 counts what is not 0. Default 2. */
  readonly p?: number;
}

/**
 * The mean of what is not `NaN`. PyTorch: `torch.nanmean`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example nanmean(tensor([1, NaN, 3])) // 2
 */
export function nanmean(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkInput('nanmean', x);
  const total = reduce('sum', where(isnan(x), 0, x), options, 'nanmean');
  return div(total, reduce('sum', eq(isnan(x), false), options, 'nanmean'));
}

/**
 * The variance, `Σ (x - mean)² / (N - correction)`. PyTorch: `torch.var`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example variance(tensor([1, 2, 3, 4])) // 1.6667
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  return moments('var', x, options)[0];
}

/**
 * The standard deviation, `sqrt(variance)`; its gradient where it is 0 is 0. PyTorch: `torch.std`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example std(tensor([1, 2, 3, 4])) // 1.2910
 */
export function std(x: Tensor, options: VarianceOptions = {}): Tensor {
  return rootWithFlatZero(moments('std', x, options)[0]);
}

/**
 * Variance and mean, with the mean computed once. PyTorch: `torch.var_mean`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example const [variance, mean] = varMean(x, { dim: 0, correction: 0 });
 */
export function varMean(x: Tensor, options: VarianceOptions = {}): readonly [Tensor, Tensor] {
  return moments('varMean', x, options);
}

/**
 * Standard deviation and mean, with the mean computed once. PyTorch: `torch.std_mean`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError for a dim out of range or named twice.
 * @example const [deviation, mean] = stdMean(x, { dim: 0 });
 */
export function stdMean(x: Tensor, options: VarianceOptions = {}): readonly [Tensor, Tensor] {
  const [spread, center] = moments('stdMean', x, options);
  return [rootWithFlatZero(spread), center];
}

function moments(caller: string, x: Tensor, options: VarianceOptions): readonly [Tensor, Tensor] {
  const { dim, keepDim = false, correction = 1 } = options;
  checkInput(caller, x);
  checkFinite(caller, 'correction', correction);
  const dims = dimsOf(caller, x, dim);
  const center = div(apply('sum', [x], { dims, keepDim: true }, []), countOf(caller, x, options));
  const deviation = sub(x, center);
  const squares = apply('sum', [mul(deviation, deviation)], { dims, keepDim }, []);
  const spread = div(squares, Math.max(0, countOf(caller, x, options) - correction));
  return [spread, keepDim ? center : apply('reshape', [center], { shape: spread.shape }, [])];
}

/** `sqrt` whose gradient at 0 is 0, as PyTorch defines it for `std` and `norm`, not infinite. */
function rootWithFlatZero(x: Tensor): Tensor {
  return flatAtZero(x, (y) => apply('sqrt', [y], {}, []));
}

function flatAtZero(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const zero = eq(x, 0);
  return where(zero, 0, f(where(zero, 1, x)));
}

/**
 * The norm of all elements as one vector, or along dims: `(Σ |x|^p)^(1/p)`. Its gradient where it is 0 is 0. PyTorch: `torch.norm`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ShapeError for an infinite p over no elements;
 *   ArgumentError if p is not a number, or for a dim out of range or named twice.
 * @example norm(tensor([3, 4])) // 5
 */
export function norm(x: Tensor, options: NormOptions = {}): Tensor {
  const { p = 2 } = options;
  checkInput('norm', x);
  checkNumber('norm', 'p', p);
  if (p === 2) return rootWithFlatZero(reduce('sum', mul(x, x), options, 'norm'));
  if (p === 0) return castTo(reduce('sum', castTo(x, 'bool'), options, 'norm'), x.dtype);
  const sizes = apply('abs', [x], {}, []);
  if (Math.abs(p) === Number.POSITIVE_INFINITY) return extreme(p > 0 ? 'amax' : 'amin', sizes, options, 'norm');
  const total = reduce('sum', p === 1 ? sizes : pow(sizes, p), options, 'norm');
  return p === 1 ? total : flatAtZero(total, (y) => pow(y, 1 / p));
}

/**
 * `log(Σ e^x)`, without overflow; minus infinity over none. PyTorch: `torch.logsumexp`.
 *
 * @throws ArgumentError for a dim out of range or named twice.
 * @example logsumexp(tensor([1000, 1000])) // 1000.6931
 */
export function logsumexp(x: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('logsumexp', 'x', x);
  const logits = toFloating(x);
  const dims = dimsOf('logsumexp', x, options.dim);
  const log = (y: Tensor): Tensor => apply('log', [reduce('sum', apply('exp', [y], {}, []), options, 'logsumexp')], {}, []);
  if (isEmptyAlong(x.shape, dims)) return log(logits);
  const greatest = apply('detach', [apply('amax', [logits], { dims, keepDim: true }, [])], {}, []);
  const shift = where(isinf(greatest), 0, greatest);
  const rest = log(sub(logits, shift));
  return add(rest, apply('reshape', [shift], { shape: rest.shape }, []));
}

/**
 * The middle element of all, or along a dim: the lower of two middle ones, `NaN` if one is. PyTorch: `torch.median`
 * (values alone).
 *
 * @throws ShapeError over no elements; ArgumentError for a dim out of range.
 * @example median(tensor([3, 1, 2])) // 2
 */
export function median(x: Tensor, options: DimOptions = {}): Tensor {
  checkTensor('median', 'x', x);
  const { line, dim, shape } = lineUp('median', x, options);
  const [sorted] = apply('sort', [line], { dim, descending: false }, []);
  const middle = pick(sorted, dim, Math.floor((line.size(dim) - 1) / 2));
  const greatest = pick(sorted, dim, line.size(dim) - 1);
  const result = isFloating(x.dtype) ? where(isnan(greatest), greatest, middle) : middle;
  return apply('reshape', [result], { shape }, []);
}

function pick(x: Tensor, dim: number, index: number): Tensor {
  const shape = x.shape.map((size, i) => (i === dim ? 1 : size));
  const starts = shape.map((_, i) => (i === dim ? index : 0));
  return apply('slice', [x], { shape, steps: shape.map(() => 1) }, starts);
}

export const statisticsMethods = {
  nanmean,
  var: variance,
  std,
  varMean,
  stdMean,
  norm,
  logsumexp,
  median,
};
