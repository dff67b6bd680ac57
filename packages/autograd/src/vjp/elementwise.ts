import {
  add,
  cos,
  cosh,
  div,
  eq,
  exp,
  floorDivide,
  ge,
  gt,
  log,
  logicalAnd,
  lt,
  mul,
  neg,
  pow,
  rsqrt,
  sign,
  sin,
  sinh,
  square,
  sub,
  type Tensor,
  trunc,
  where,
  zerosLike,
} from '@dl/tensor';
import { apply, type ElementwisePrimitives } from '@dl/tensor/internal';
import { binary, castLike, linearRule, oneMinusSquare, stepRule, unary, unbroadcast } from './algebra.ts';
import type { VjpTable } from './table.ts';

/** PyTorch's formulas, which fix the values at kinks and poles: relu'(0) = abs'(0) = 0, sqrt'(0) = inf, ties of maximum half and half. */
export const elementwiseVjps: VjpTable<keyof ElementwisePrimitives> = {
  neg: unary((g) => neg(g)),
  abs: unary((g, x) => mul(g, sign(x))),
  sign: stepRule,
  floor: stepRule,
  ceil: stepRule,
  round: stepRule,
  trunc: stepRule,
  exp: unary((g, _x, y) => mul(g, y)),
  log: unary((g, x) => div(g, x)),
  log1p: unary((g, x) => div(g, add(x, 1))),
  expm1: unary((g, _x, y) => mul(g, add(y, 1))),
  sqrt: unary((g, _x, y) => div(g, mul(y, 2))),
  rsqrt: unary((g, _x, y) => mul(mul(g, -0.5), mul(y, square(y)))),
  sin: unary((g, x) => mul(g, cos(x))),
  cos: unary((g, x) => neg(mul(g, sin(x)))),
  tan: unary((g, _x, y) => mul(g, add(square(y), 1))),
  asin: unary((g, x) => mul(g, rsqrt(oneMinusSquare(x)))),
  acos: unary((g, x) => neg(mul(g, rsqrt(oneMinusSquare(x))))),
  atan: unary((g, x) => div(g, add(square(x), 1))),
  sinh: unary((g, x) => mul(g, cosh(x))),
  cosh: unary((g, x) => mul(g, sinh(x))),
  asinh: unary((g, x) => mul(g, rsqrt(add(square(x), 1)))),
  acosh: unary((g, x) => mul(g, rsqrt(sub(square(x), 1)))),
  atanh: unary((g, x) => div(g, oneMinusSquare(x))),
  tanh: unary((g, _x, y) => mul(g, oneMinusSquare(y))),
  sigmoid: unary((g, _x, y) => mul(mul(g, sub(1, y)), y)),
  erf: unary((g, x) => mul(g, erfSlope(x))),
  erfc: unary((g, x) => neg(mul(g, erfSlope(x)))),
  relu: unary((g, _x, y) => apply('reluGradient', [g, y], {}, [])),
  isnan: 'notDifferentiable',
  logicalNot: 'notDifferentiable',
  cast: unary((g, x) => castLike(g, x)),
  add: linearRule(1, 1),
  sub: linearRule(1, -1),
  mul: binary(
    (g, _a, b) => mul(g, b),
    (g, a) => mul(g, a),
  ),
  div: binary(
    (g, _a, b) => div(g, b),
    (g, _a, b, y) => neg(mul(g, div(y, b))),
  ),
  floorDivide: (_g, { inputs: [a, b] }) => [() => zerosLike(a), () => zerosLike(b)],
  remainder: binary(
    (g) => g,
    (g, a, b) => neg(mul(g, floorDivide(a, b))),
  ),
  fmod: binary(
    (g) => g,
    (g, a, b) => neg(mul(g, trunc(div(a, b)))),
  ),
  pow: binary(powToBase, powToExponent),
  atan2: binary(
    (g, a, b) => mul(g, perSquaredLength(b, a, b)),
    (g, a, b) => neg(mul(g, perSquaredLength(a, a, b))),
  ),
  maximum: binary(
    (g, a, b) => winnersShare(g, lt(a, b), eq(a, b)),
    (g, a, b) => winnersShare(g, gt(a, b), eq(a, b)),
  ),
  minimum: binary(
    (g, a, b) => winnersShare(g, gt(a, b), eq(a, b)),
    (g, a, b) => winnersShare(g, lt(a, b), eq(a, b)),
  ),
  eq: 'notDifferentiable',
  ne: 'notDifferentiable',
  lt: 'notDifferentiable',
  le: 'notDifferentiable',
  gt: 'notDifferentiable',
  ge: 'notDifferentiable',
  logicalAnd: 'notDifferentiable',
  logicalOr: 'notDifferentiable',
  logicalXor: 'notDifferentiable',
  // Exact zeros for the branch not taken; what 0 times infinity makes of them behind it is NaN, as in PyTorch.
  where: (g, { inputs: [condition, a, b] }) => [
    null,
    () => unbroadcast(where(condition, g, 0), a.shape),
    () => unbroadcast(where(condition, 0, g), b.shape),
  ],
};

/** `2/√π exp(-x²)`. */
function erfSlope(x: Tensor): Tensor {
  return mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI));
}

/** `x / (a² + b²)`, and 0 at the origin. */
function perSquaredLength(x: Tensor, a: Tensor, b: Tensor): Tensor {
  const length = add(square(a), square(b));
  return where(eq(length, 0), 0, div(x, length));
}

/** `b a^(b-1)`, and 0 where b = 0, whatever a is. */
function powToBase(g: Tensor, a: Tensor, b: Tensor): Tensor {
  return where(eq(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1)))));
}

/** `a^b log(a)`, and its limit 0 where a = 0 and b ≥ 0. */
function powToExponent(g: Tensor, a: Tensor, b: Tensor, y: Tensor): Tensor {
  return mul(g, where(logicalAnd(eq(a, 0), ge(b, 0)), 0, mul(y, log(a))));
}

/** All of `g` to the winner, half at a tie. */
function winnersShare(g: Tensor, loses: Tensor, ties: Tensor): Tensor {
  return where(loses, 0, where(ties, mul(g, 0.5), g));
}
