import { apply } from '../apply.ts';
import { checkFinite, checkTensor } from '../checks.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { broadcastShapes } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { binaryOperands, castTo, constant, type TensorLike, toFloating } from './operands.ts';

/** How close is close: `|a - b| <= atol + rtol * |b|`. */
export interface CloseOptions {
  /** The allowed difference relative to `b`; default 1e-5. */
  readonly rtol?: number;
  /** The allowed absolute difference; default 1e-8. */
  readonly atol?: number;
  /** Whether two `NaN`s are close; default false. */
  readonly equalNan?: boolean;
}

/**
 * Where `a` equals `b`, as bools; shapes broadcast. `NaN` equals nothing. PyTorch: `torch.eq`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example eq(tensor([1, 2]), 2) // [false, true]
 */
export function eq(a: TensorLike, b: TensorLike): Tensor {
  return apply('eq', comparable('eq', a, b), {}, []);
}

/**
 * Where `a` differs from `b`, as bools; shapes broadcast. `NaN` differs from everything. PyTorch: `torch.ne`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example ne(tensor([1, 2]), 2) // [true, false]
 */
export function ne(a: TensorLike, b: TensorLike): Tensor {
  return apply('ne', comparable('ne', a, b), {}, []);
}

/**
 * Where `a < b`, as bools; shapes broadcast. PyTorch: `torch.lt`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example lt(tensor([1, 2]), 2) // [true, false]
 */
export function lt(a: TensorLike, b: TensorLike): Tensor {
  return apply('lt', comparable('lt', a, b), {}, []);
}

/**
 * Where `a <= b`, as bools; shapes broadcast. PyTorch: `torch.le`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example le(tensor([1, 3]), 2) // [true, false]
 */
export function le(a: TensorLike, b: TensorLike): Tensor {
  return apply('le', comparable('le', a, b), {}, []);
}

/**
 * Where `a > b`, as bools; shapes broadcast. PyTorch: `torch.gt`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example gt(tensor([1, 3]), 2) // [false, true]
 */
export function gt(a: TensorLike, b: TensorLike): Tensor {
  return apply('gt', comparable('gt', a, b), {}, []);
}

/**
 * Where `a >= b`, as bools; shapes broadcast. PyTorch: `torch.ge`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example ge(tensor([1, 2]), 2) // [false, true]
 */
export function ge(a: TensorLike, b: TensorLike): Tensor {
  return apply('ge', comparable('ge', a, b), {}, []);
}

/**
 * Where both are not zero, as bools; shapes broadcast. PyTorch: `torch.logical_and`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example logicalAnd(x.gt(0), x.lt(1))
 */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor {
  return apply('logicalAnd', binaryOperands('logicalAnd', a, b), {}, []);
}

/**
 * Where at least one is not zero, as bools; shapes broadcast. PyTorch: `torch.logical_or`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example logicalOr(x.lt(0), x.gt(1))
 */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor {
  return apply('logicalOr', binaryOperands('logicalOr', a, b), {}, []);
}

/**
 * Where exactly one is not zero, as bools; shapes broadcast. PyTorch: `torch.logical_xor`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example logicalXor(tensor([true, true]), tensor([true, false])) // [false, true]
 */
export function logicalXor(a: TensorLike, b: TensorLike): Tensor {
  return apply('logicalXor', binaryOperands('logicalXor', a, b), {}, []);
}

/**
 * Where `x` is zero, as bools. PyTorch: `torch.logical_not`.
 *
 * @example logicalNot(tensor([true, false])) // [false, true]
 */
export function logicalNot(x: Tensor): Tensor {
  checkTensor('logicalNot', 'x', x);
  return apply('logicalNot', [x], {}, []);
}

/**
 * Where `x` is `NaN`, as bools. PyTorch: `torch.isnan`.
 *
 * @example isnan(tensor([1, NaN])) // [false, true]
 */
export function isnan(x: Tensor): Tensor {
  checkTensor('isnan', 'x', x);
  return apply('isnan', [x], {}, []);
}

/**
 * Where `x` is infinite, of either sign, as bools. PyTorch: `torch.isinf`.
 *
 * @example isinf(tensor([1, -Infinity, NaN])) // [false, true, false]
 */
export function isinf(x: Tensor): Tensor {
  return eq(magnitude('isinf', x), Number.POSITIVE_INFINITY);
}

/**
 * Where `x` is neither infinite nor `NaN`, as bools. PyTorch: `torch.isfinite`.
 *
 * @example isfinite(tensor([1, -Infinity, NaN])) // [true, false, false]
 */
export function isfinite(x: Tensor): Tensor {
  return lt(magnitude('isfinite', x), Number.POSITIVE_INFINITY);
}

/**
 * Where `a` and `b` are equal or `|a - b| <= atol + rtol * |b|`, as bools. PyTorch: `torch.isclose`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for a negative tolerance.
 * @example isclose(tensor([1]), tensor([1.000001])) // [true]
 */
export function isclose(a: Tensor, b: Tensor, options: CloseOptions = {}): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  checkTensor('isclose', 'a', a);
  checkTensor('isclose', 'b', b);
  checkTolerance('rtol', rtol);
  checkTolerance('atol', atol);
  broadcastShapes('isclose', a.shape, b.shape);
  const [x, y] = binaryOperands('isclose', toFloating(a), toFloating(b));
  const equal = apply('eq', [x, y], {}, []);
  const close = logicalOr(equal, withinTolerance(x, y, rtol, atol));
  return equalNan ? logicalOr(close, logicalAnd(isnan(x), isnan(y))) : close;
}

/** An infinite difference is never within it, nor is one from an infinity. */
function withinTolerance(x: Tensor, y: Tensor, rtol: number, atol: number): Tensor {
  const difference = apply('abs', [apply('sub', [x, y], {}, [])], {}, []);
  const relative = apply('mul', [apply('abs', [y], {}, []), constant('isclose', rtol, y.dtype)], {}, []);
  const allowed = apply('add', [relative, constant('isclose', atol, y.dtype)], {}, []);
  return logicalAnd(le(difference, allowed), lt(difference, Number.POSITIVE_INFINITY));
}

function checkTolerance(name: string, value: number): void {
  checkFinite('isclose', name, value);
  if (value < 0) throw new ArgumentError(`isclose: ${name} must not be negative; got ${value}`);
}

export const comparisonMethods = {
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logicalAnd,
  logicalOr,
  logicalXor,
  logicalNot,
  isnan,
  isinf,
  isfinite,
  isclose,
};

/** Operands of a comparison: a whole number beyond uint8's range makes the comparison one of int32, instead of wrapping. */
function comparable(caller: string, a: TensorLike, b: TensorLike): readonly [Tensor, Tensor] {
  return binaryOperands(caller, widened(a, b), widened(b, a));
}

function widened(x: TensorLike, other: TensorLike): TensorLike {
  const outside = typeof other === 'number' && Number.isInteger(other) && (other < 0 || other > 255);
  return outside && x instanceof Tensor && x.dtype === 'uint8' ? castTo(x, 'int32') : x;
}

function magnitude(caller: string, x: Tensor): Tensor {
  checkTensor(caller, 'x', x);
  return apply('abs', [isFloating(x.dtype) ? x : toFloating(x)], {}, []);
}
