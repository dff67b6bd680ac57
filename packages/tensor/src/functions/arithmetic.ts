import { apply } from '../apply.ts';
import { checkNumber, checkOneOf, checkTensor } from '../checks.ts';
import { isIntegral } from '../dtype.ts';
import { ArgumentError, DTypeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { lt } from './comparison.ts';
import { asTensor, binaryOperands, constant, floatOperands, type TensorLike } from './operands.ts';
import { where } from './where.ts';

/** How much of the second operand `add` and `sub` take. */
export interface AlphaOptions {
  /** The factor of the second operand; default 1. Must be whole for integer tensors. */
  readonly alpha?: number;
}

/** How `div` rounds. */
export interface DivOptions {
  /** `'trunc'` rounds towards zero (C's division), `'floor'` downwards (Python's `//`); default: no rounding. */
  readonly roundingMode?: 'trunc' | 'floor';
}

/** What `addcmul` and `addcdiv` take. */
export interface ValueOptions {
  /** The factor of the added term; default 1. */
  readonly value?: number;
}

/**
 * `a + alpha * b`, element by element; shapes broadcast, dtypes are promoted, bools are or-ed. PyTorch: `torch.add`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example add(tensor([1, 2]), 10) // [11, 12]
 */
export function add(a: TensorLike, b: TensorLike, options: AlphaOptions = {}): Tensor {
  const [x, y] = binaryOperands('add', a, b);
  const scaled = scaledBy('add', y, options.alpha);
  return x.dtype === 'bool' ? apply('logicalOr', [x, scaled], {}, []) : apply('add', [x, scaled], {}, []);
}

/**
 * `a - alpha * b`, element by element; shapes broadcast, dtypes are promoted, uint8 wraps. PyTorch: `torch.sub`.
 *
 * @throws ShapeError if the shapes do not broadcast; DTypeError for two bools.
 * @example sub(tensor([1, 2]), 1) // [0, 1]
 */
export function sub(a: TensorLike, b: TensorLike, options: AlphaOptions = {}): Tensor {
  const [x, y] = numericOperands('sub', a, b);
  return apply('sub', [x, scaledBy('sub', y, options.alpha)], {}, []);
}

/**
 * `a * b`, element by element; shapes broadcast, dtypes are promoted, bools are and-ed. PyTorch: `torch.mul`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example mul(tensor([1, 2]), tensor([[2], [3]])) // [[2, 4], [3, 6]]
 */
export function mul(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = binaryOperands('mul', a, b);
  return x.dtype === 'bool' ? apply('logicalAnd', [x, y], {}, []) : apply('mul', [x, y], {}, []);
}

/**
 * `a / b`, element by element; integers divide to float32. With `roundingMode` the quotient is rounded
 * and keeps an integer dtype; an integer divided by zero is then 0 (PyTorch raises). PyTorch: `torch.div`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for integers divided by the number 0 with a `roundingMode`.
 * @example div(tensor([-7, 7]), 2, { roundingMode: 'trunc' }) // [-3, 3]
 */
export function div(a: TensorLike, b: TensorLike, options: DivOptions = {}): Tensor {
  const { roundingMode } = options;
  if (roundingMode === undefined) return apply('div', floatOperands('div', a, b), {}, []);
  checkOneOf('div', 'roundingMode', roundingMode, ['trunc', 'floor']);
  return roundingMode === 'floor' ? floorDivide(a, b) : truncatedQuotient(a, b);
}

function truncatedQuotient(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = divisionOperands('div', a, b);
  if (!isIntegral(x.dtype)) return apply('trunc', [apply('div', [x, y], {}, [])], {}, []);
  const whole = apply('sub', [x, apply('fmod', [x, y], {}, [])], {}, []);
  return apply('floorDivide', [whole, y], {}, []);
}

/**
 * `floor(a / b)`, element by element: Python's `//`. An integer divided by a zero in a tensor is 0 (PyTorch raises).
 * PyTorch: `torch.floor_divide`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for integers divided by the number 0; DTypeError for two bools.
 * @example floorDivide(tensor([-7, 7]), 2) // [-4, 3]
 */
export function floorDivide(a: TensorLike, b: TensorLike): Tensor {
  return apply('floorDivide', divisionOperands('floorDivide', a, b), {}, []);
}

/**
 * `a - b * floor(a / b)`: the remainder with the divisor's sign, Python's `%`. An integer's remainder by a zero in a
 * tensor is 0 (PyTorch raises). PyTorch: `torch.remainder`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for integers and the number 0; DTypeError for two bools.
 * @example remainder(tensor([-7, 7]), 3) // [2, 1]
 */
export function remainder(a: TensorLike, b: TensorLike): Tensor {
  return apply('remainder', divisionOperands('remainder', a, b), {}, []);
}

/**
 * `a - b * trunc(a / b)`: the remainder with the dividend's sign, C's `fmod`. An integer's remainder by a zero in a
 * tensor is 0 (PyTorch raises). PyTorch: `torch.fmod`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for integers and the number 0; DTypeError for two bools.
 * @example fmod(tensor([-7, 7]), 3) // [-1, 1]
 */
export function fmod(a: TensorLike, b: TensorLike): Tensor {
  return apply('fmod', divisionOperands('fmod', a, b), {}, []);
}

/** Powers that have a cheaper and more exact form than the general one. */
const specialPowers: ReadonlyMap<number, (x: Tensor) => Tensor> = new Map<number, (x: Tensor) => Tensor>([
  [0, (x) => where(constant('pow', false, 'bool'), x, 1)],
  [0.5, (x) => apply('sqrt', [x], {}, [])],
  [1, (x) => apply('reshape', [x], { shape: x.shape }, [])],
  [2, (x) => mul(x, x)],
  [3, (x) => mul(mul(x, x), x)],
  [-0.5, (x) => apply('rsqrt', [x], {}, [])],
  [-1, (x) => div(1, x)],
  [-2, (x) => div(1, mul(x, x))],
]);

/**
 * `base` to the power of `exponent`, element by element; integers wrap around. PyTorch: `torch.pow`.
 * The exponents 2, 3, 0.5, 1, 0, -0.5, -1 and -2, given as numbers, are computed by products and roots.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for integers to a negative whole power given as a number; DTypeError for two bools.
 * @example pow(tensor([1, 2, 3]), 2) // [1, 4, 9]
 */
export function pow(base: TensorLike, exponent: TensorLike): Tensor {
  const [x, y] = numericOperands('pow', base, exponent);
  if (typeof exponent !== 'number') return apply('pow', [x, y], {}, []);
  if (isIntegral(x.dtype) && exponent < 0) {
    throw new ArgumentError(`pow: integers cannot be raised to a negative whole power; got ${exponent}. Cast the base first: base.float()`);
  }
  const special = specialPowers.get(exponent);
  return special === undefined ? apply('pow', [x, y], {}, []) : special(x);
}

/**
 * The greater of `a` and `b`, element by element; `NaN` wins. PyTorch: `torch.maximum`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example maximum(tensor([1, 5]), tensor([3, 2])) // [3, 5]
 */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return apply('maximum', binaryOperands('maximum', a, b), {}, []);
}

/**
 * The smaller of `a` and `b`, element by element; `NaN` wins. PyTorch: `torch.minimum`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example minimum(tensor([1, 5]), tensor([3, 2])) // [1, 2]
 */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return apply('minimum', binaryOperands('minimum', a, b), {}, []);
}

/**
 * `start + weight * (end - start)`, exact at both ends. PyTorch: `torch.lerp`.
 *
 * @throws ShapeError if the shapes do not broadcast; DTypeError if `start` is not float32 or float64.
 * @example lerp(tensor([0, 10]), tensor([10, 20]), 0.5) // [5, 15]
 */
export function lerp(start: Tensor, end: TensorLike, weight: TensorLike): Tensor {
  checkTensor('lerp', 'start', start);
  const [from, to] = floatOperands('lerp', start, end);
  const difference = sub(to, from);
  const share = asTensor('lerp', weight, difference);
  const nearStart = add(from, mul(share, difference));
  const nearEnd = sub(to, mul(difference, sub(1, share)));
  if (typeof weight === 'number') return Math.abs(weight) < 0.5 ? nearStart : nearEnd;
  return where(lt(apply('abs', [share], {}, []), 0.5), nearStart, nearEnd);
}

/**
 * `x + value * a * b`. PyTorch: `torch.addcmul`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example addcmul(tensor([1]), tensor([2]), tensor([3]), { value: 0.5 }) // [4]
 */
export function addcmul(x: TensorLike, a: TensorLike, b: TensorLike, options: ValueOptions = {}): Tensor {
  return add(x, scaledBy('addcmul', mul(a, b), options.value));
}

/**
 * `x + value * a / b`. PyTorch: `torch.addcdiv`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example addcdiv(tensor([1]), tensor([6]), tensor([3])) // [3]
 */
export function addcdiv(x: TensorLike, a: TensorLike, b: TensorLike, options: ValueOptions = {}): Tensor {
  return add(x, scaledBy('addcdiv', div(a, b), options.value));
}

export const arithmeticMethods = {
  add,
  sub,
  mul,
  div,
  floorDivide,
  remainder,
  fmod,
  pow,
  maximum,
  minimum,
  lerp,
  addcmul,
  addcdiv,
};

function scaledBy(caller: string, x: Tensor, factor: number | undefined): Tensor {
  if (factor === undefined || factor === 1) return x;
  checkNumber(caller, 'the factor', factor);
  if (isIntegral(x.dtype) && !Number.isInteger(factor)) {
    throw new ArgumentError(`${caller}: the factor of an integer tensor must be whole; got ${factor}. Cast the tensors first: x.float()`);
  }
  return x.dtype === 'bool' ? where(x, factor !== 0, false) : mul(x, factor);
}

function numericOperands(caller: string, a: TensorLike, b: TensorLike): readonly [Tensor, Tensor] {
  const operands = binaryOperands(caller, a, b);
  if (operands[0].dtype === 'bool') throw new DTypeError(`${caller}: needs numbers; got two bools. Cast one: x.int(), or use logicalXor`);
  return operands;
}

function divisionOperands(caller: string, a: TensorLike, b: TensorLike): readonly [Tensor, Tensor] {
  const operands = numericOperands(caller, a, b);
  if (b === 0 && isIntegral(operands[0].dtype)) throw new ArgumentError(`${caller}: integers cannot be divided by zero; got the divisor 0`);
  return operands;
}
