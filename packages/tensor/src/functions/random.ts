import { apply } from '../apply.ts';
import { checkDType, checkFloating, checkInteger, checkNumber, checkTensor } from '../checks.ts';
import type { DType } from '../dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { leafTensor } from '../leaf.ts';
import { Generator, nextRandomScalars } from '../random.ts';
import { broadcastShapes, formatShape, type Shape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { lt } from './comparison.ts';
import type { DTypeOptions } from './creation.ts';
import { castTo, type TensorLike } from './operands.ts';
import { type Sizes, shapeFrom } from './sizes.ts';

/** What `normal` takes. */
export interface NormalOptions extends DTypeOptions {
  /** The shape; default that to which mean and deviation broadcast. */
  readonly shape?: Sizes;
}

/** What `multinomial` takes. */
export interface MultinomialOptions {
  /** Whether an index may be drawn more than once; default false. */
  readonly replacement?: boolean;
}

/**
 * Uniform random numbers in [0, 1). PyTorch: `torch.rand`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up; DTypeError if the dtype is not float32 or float64.
 * @example rand([2, 3])
 */
export function rand(shape: Sizes, options: DTypeOptions = {}): Tensor {
  return uniform('rand', shapeFrom('rand', shape), options.dtype ?? 'float32');
}

/**
 * Random numbers of the normal distribution with mean 0 and variance 1. PyTorch: `torch.randn`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up; DTypeError if the dtype is not float32 or float64.
 * @example randn([2, 3])
 */
export function randn(shape: Sizes, options: DTypeOptions = {}): Tensor {
  return standardNormal('randn', shapeFrom('randn', shape), options.dtype ?? 'float32');
}

/**
 * `rand` of the shape and dtype of `x`. PyTorch: `torch.rand_like`.
 *
 * @throws DTypeError if the dtype is not float32 or float64.
 * @example randLike(x)
 */
export function randLike(x: Tensor, options: DTypeOptions = {}): Tensor {
  checkTensor('randLike', 'x', x);
  return uniform('randLike', x.shape, options.dtype ?? x.dtype);
}

/**
 * `randn` of the shape and dtype of `x`. PyTorch: `torch.randn_like`.
 *
 * @throws DTypeError if the dtype is not float32 or float64.
 * @example randnLike(x)
 */
export function randnLike(x: Tensor, options: DTypeOptions = {}): Tensor {
  checkTensor('randnLike', 'x', x);
  return standardNormal('randnLike', x.shape, options.dtype ?? x.dtype);
}

/**
 * Random whole numbers in [low, high), int32 unless `dtype` says. PyTorch: `torch.randint`.
 *
 * @throws ArgumentError if the bounds are not whole numbers with `low < high`, or do not fit the dtype.
 * @example randint(0, 10, [2, 3])
 */
export function randint(low: number, high: number, shape: Sizes, options: DTypeOptions = {}): Tensor {
  const { dtype = 'int32' } = options;
  const sizes = shapeFrom('randint', shape);
  checkDType('randint', dtype);
  const [least, most] = integerLimits[dtype];
  checkInteger('randint', 'low', low, least, most);
  checkInteger('randint', 'high', high, low + 1, most + 1);
  const width = high - low;
  const steps = apply('floor', [mul(uniform('randint', sizes, width <= exactFloat32 ? 'float32' : 'float64'), width)], {}, []);
  const whole = width <= exactFloat32 ? castTo(steps, 'int32') : steps;
  return castTo(castTo(add(whole, low), 'int32'), dtype);
}

/** float32 holds every whole number up to this one, and as many random ones. */
const exactFloat32 = 2 ** 24;

const int32Limits = [-(2 ** 31), 2 ** 31 - 1] as const;
const integerLimits = { float32: int32Limits, float64: int32Limits, int32: int32Limits, uint8: [0, 255], bool: [0, 1] } as const;

/**
 * The numbers 0 to n - 1 in random order, int32 unless `dtype` says. PyTorch: `torch.randperm`.
 *
 * @throws ArgumentError if n is not a whole number from 0 up that the dtype can count to.
 * @example randperm(4) // [2, 0, 3, 1]
 */
export function randperm(n: number, options: DTypeOptions = {}): Tensor {
  const { dtype = 'int32' } = options;
  checkDType('randperm', dtype);
  checkInteger('randperm', 'n', n, 0, integerLimits[dtype][1]);
  return castTo(leafTensor({ shape: [n], dtype: 'int32' }, new Generator().permutation(n)), dtype);
}

/**
 * 1 with the probability that the element says, else 0; of the dtype of `p`. PyTorch: `torch.bernoulli`.
 * Probabilities are not checked: below 0 they give 0, above 1 they give 1.
 *
 * @throws DTypeError if `p` is not float32 or float64.
 * @example bernoulli(full([3], 0.5))
 */
export function bernoulli(p: Tensor): Tensor {
  checkTensor('bernoulli', 'p', p);
  checkFloating('bernoulli', 'p', p);
  return castTo(lt(uniform('bernoulli', p.shape, p.dtype), p), p.dtype);
}

/**
 * Random numbers of normal distributions: `mean + std * randn`, element by element. PyTorch: `torch.normal`.
 *
 * @throws ShapeError if mean, std and shape do not broadcast; ArgumentError for a negative `std`.
 * @example normal(0, 0.02, { shape: [2, 3] })
 */
export function normal(mean: TensorLike, std: TensorLike, options: NormalOptions = {}): Tensor {
  if (typeof std === 'number') {
    checkNumber('normal', 'std', std);
    if (std < 0) throw new ArgumentError(`normal: std must not be negative; got ${std}`);
  }
  const wanted = broadcastShapes('normal', shapeOf(mean), shapeOf(std));
  const shape = options.shape === undefined ? wanted : shapeFrom('normal', options.shape);
  if (broadcastShapes('normal', wanted, shape).length !== shape.length || !fits(wanted, shape)) {
    throw new ShapeError(`normal: mean and std must broadcast to the shape; got ${formatShape(wanted)} and ${formatShape(shape)}`);
  }
  return add(mul(standardNormal('normal', shape, options.dtype ?? floatingOf(mean, std)), std), mean);
}

function fits(shape: Shape, into: Shape): boolean {
  return shape.every((size, i) => size === 1 || size === into[i + into.length - shape.length]);
}

function shapeOf(x: TensorLike): Shape {
  return x instanceof Tensor ? x.shape : [];
}

function floatingOf(...values: readonly TensorLike[]): DType {
  return values.some((x) => x instanceof Tensor && x.dtype === 'float64') ? 'float64' : 'float32';
}

/**
 * Draws `numSamples` indices from each row of weights, which need not sum to 1; int32. PyTorch: `torch.multinomial`.
 * Weights are not checked: they should be finite, not negative, and enough of them positive.
 *
 * @throws ShapeError if there are not one or two dims, with at least one weight; DTypeError if the weights are not float32 or float64;
 *   ArgumentError if more are wanted than there are, without replacement.
 * @example multinomial(tensor([0, 10, 3]), 2) // [1, 2] or [2, 1]
 */
export function multinomial(weights: Tensor, numSamples: number, options: MultinomialOptions = {}): Tensor {
  const { replacement = false } = options;
  checkTensor('multinomial', 'weights', weights);
  checkFloating('multinomial', 'weights', weights);
  if (weights.ndim < 1 || weights.ndim > 2 || weights.size(-1) === 0) {
    throw new ShapeError(`multinomial: weights must be [n] or [rows, n] with n at least 1; got ${formatShape(weights.shape)}`);
  }
  checkInteger('multinomial', 'numSamples', numSamples, 1, replacement ? 2 ** 31 - 1 : weights.size(-1));
  return replacement ? drawAgain(weights, numSamples) : drawOnce(weights, numSamples);
}

/** A race: weight w arrives after an exponential time of rate w, and the first `count` to arrive are drawn. */
function drawOnce(weights: Tensor, count: number): Tensor {
  const time = div(exponential(weights), weights);
  const [, order] = apply('sort', [time], { dim: weights.ndim - 1, descending: false }, []);
  const shape = [...weights.shape.slice(0, -1), count];
  return apply(
    'slice',
    [order],
    { shape, steps: shape.map(() => 1) },
    shape.map(() => 0),
  );
}

function exponential(like: Tensor): Tensor {
  const u = uniform('multinomial', like.shape, like.dtype);
  return apply('neg', [apply('log', [sub(1, u)], {}, [])], {}, []);
}

/** How many partial sums a uniform share of the total has passed. */
function drawAgain(weights: Tensor, count: number): Tensor {
  const last = weights.ndim - 1;
  const rows = weights.shape.slice(0, -1);
  const sums = apply('cumsum', [weights], { dim: last }, []);
  const total = apply('amax', [sums], { dims: [last], keepDim: true }, []);
  const share = mul(uniform('multinomial', [...rows, count], weights.dtype), total);
  const passed = apply('ge', [column(share), apply('reshape', [sums], { shape: [...rows, 1, weights.size(-1)] }, [])], {}, []);
  return apply('sum', [passed], { dims: [last + 1], keepDim: false }, []);
}

function column(x: Tensor): Tensor {
  return apply('reshape', [x], { shape: [...x.shape, 1] }, []);
}

export const randomMethods = { randLike, randnLike, bernoulli, multinomial };

function uniform(caller: string, shape: Shape, dtype: DType): Tensor {
  checkDType(caller, dtype);
  if (dtype !== 'float32' && dtype !== 'float64') throw new DTypeError(`${caller}: random fractions are float32 or float64; got ${dtype}`);
  return apply('randomUniform', [], { shape, dtype }, nextRandomScalars());
}

/** Box and Muller: `sqrt(-2 log(1 - u)) cos(2π v)`; `1 - u` is never 0, so nothing is infinite. */
function standardNormal(caller: string, shape: Shape, dtype: DType): Tensor {
  const radius = apply('sqrt', [mul(apply('log', [sub(1, uniform(caller, shape, dtype))], {}, []), -2)], {}, []);
  return mul(radius, apply('cos', [mul(uniform(caller, shape, dtype), 2 * Math.PI)], {}, []));
}
