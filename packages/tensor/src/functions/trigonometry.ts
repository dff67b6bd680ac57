import { apply } from '../apply.ts';
import { checkTensor } from '../checks.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, maximum, minimum, mul } from './arithmetic.ts';
import { eq, isinf, logicalOr } from './comparison.ts';
import { floatOperands, type TensorLike, toFloating } from './operands.ts';
import { where } from './where.ts';

/**
 * The sine of `x` radians. PyTorch: `torch.sin`.
 *
 * @example sin(tensor([0, Math.PI / 2])) // [0, 1]
 */
export function sin(x: Tensor): Tensor {
  return floating('sin', x);
}

/**
 * The cosine of `x` radians. PyTorch: `torch.cos`.
 *
 * @example cos(tensor([0, Math.PI])) // [1, -1]
 */
export function cos(x: Tensor): Tensor {
  return floating('cos', x);
}

/**
 * The tangent of `x` radians. PyTorch: `torch.tan`.
 *
 * @example tan(tensor([0, Math.PI / 4])) // [0, 1]
 */
export function tan(x: Tensor): Tensor {
  return floating('tan', x);
}

/**
 * The angle in [-π/2, π/2] whose sine is `x`; `NaN` outside [-1, 1]. PyTorch: `torch.asin`.
 *
 * @example asin(tensor([0, 1])) // [0, 1.5708]
 */
export function asin(x: Tensor): Tensor {
  return floating('asin', x);
}

/**
 * The angle in [0, π] whose cosine is `x`; `NaN` outside [-1, 1]. PyTorch: `torch.acos`.
 *
 * @example acos(tensor([1, -1])) // [0, 3.1416]
 */
export function acos(x: Tensor): Tensor {
  return floating('acos', x);
}

/**
 * The angle in (-π/2, π/2) whose tangent is `x`. PyTorch: `torch.atan`.
 *
 * @example atan(tensor([0, 1])) // [0, 0.7854]
 */
export function atan(x: Tensor): Tensor {
  return floating('atan', x);
}

/**
 * The hyperbolic sine, `(e^x - e^-x) / 2`. PyTorch: `torch.sinh`.
 *
 * @example sinh(tensor([0, 1])) // [0, 1.1752]
 */
export function sinh(x: Tensor): Tensor {
  return floating('sinh', x);
}

/**
 * The hyperbolic cosine, `(e^x + e^-x) / 2`. PyTorch: `torch.cosh`.
 *
 * @example cosh(tensor([0, 1])) // [1, 1.5431]
 */
export function cosh(x: Tensor): Tensor {
  return floating('cosh', x);
}

/**
 * The inverse of `sinh`. PyTorch: `torch.asinh`.
 *
 * @example asinh(tensor([0, 1])) // [0, 0.8814]
 */
export function asinh(x: Tensor): Tensor {
  return floating('asinh', x);
}

/**
 * The inverse of `cosh`, not negative; `NaN` below 1. PyTorch: `torch.acosh`.
 *
 * @example acosh(tensor([1, 2])) // [0, 1.3170]
 */
export function acosh(x: Tensor): Tensor {
  return floating('acosh', x);
}

/**
 * The inverse of `tanh`; `NaN` outside [-1, 1]. PyTorch: `torch.atanh`.
 *
 * @example atanh(tensor([0, 0.5])) // [0, 0.5493]
 */
export function atanh(x: Tensor): Tensor {
  return floating('atanh', x);
}

/**
 * The angle of the point (x, y) from the positive x axis, in [-π, π]: `atan(y / x)` in the right quadrant. PyTorch: `torch.atan2`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example atan2(tensor([1]), tensor([-1])) // [2.3562]
 */
export function atan2(y: TensorLike, x: TensorLike): Tensor {
  return apply('atan2', floatOperands('atan2', y, x), {}, []);
}

/**
 * `sqrt(a² + b²)`, without overflow on the way; infinite if one of them is. PyTorch: `torch.hypot`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example hypot(tensor([3]), tensor([4])) // [5]
 */
export function hypot(a: TensorLike, b: TensorLike): Tensor {
  const [p, q] = floatOperands('hypot', a, b);
  const x = apply('abs', [p], {}, []);
  const y = apply('abs', [q], {}, []);
  const longer = maximum(x, y);
  const ratio = div(minimum(x, y), where(eq(longer, 0), 1, longer));
  const length = mul(longer, apply('sqrt', [add(mul(ratio, ratio), 1)], {}, []));
  return where(logicalOr(isinf(x), isinf(y)), Number.POSITIVE_INFINITY, length);
}

/**
 * Degrees as radians: `x π / 180`. PyTorch: `torch.deg2rad`.
 *
 * @example deg2rad(tensor([180])) // [3.1416]
 */
export function deg2rad(x: Tensor): Tensor {
  checkTensor('deg2rad', 'x', x);
  return mul(toFloating(x), Math.PI / 180);
}

/**
 * Radians as degrees: `x 180 / π`. PyTorch: `torch.rad2deg`.
 *
 * @example rad2deg(tensor([Math.PI])) // [180]
 */
export function rad2deg(x: Tensor): Tensor {
  checkTensor('rad2deg', 'x', x);
  return mul(toFloating(x), 180 / Math.PI);
}

export const trigonometryMethods = {
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  atan2,
  hypot,
  deg2rad,
  rad2deg,
};

type Trigonometric = 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'asinh' | 'acosh' | 'atanh';

/** Integers and bools are brought to float32. */
function floating(name: Trigonometric, x: Tensor): Tensor {
  checkTensor(name, 'x', x);
  return apply(name, [toFloating(x)], {}, []);
}
