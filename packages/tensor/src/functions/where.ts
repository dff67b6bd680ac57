import { apply } from '../apply.ts';
import { checkTensor, describe } from '../checks.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { formatShape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { binaryOperands, type TensorLike } from './operands.ts';

/**
 * `a` where the condition holds, else `b`, element by element; all three broadcast, `a` and `b` are promoted.
 * No gradient reaches the element that was not chosen, but a gradient of 0 times an infinite derivative behind it is
 * still `NaN`, as in PyTorch: mask the argument before a function that has a pole. PyTorch: `torch.where`.
 *
 * @throws DTypeError if the condition is not bool; ShapeError if the shapes do not broadcast.
 * @example where(x.gt(0), x, 0) // the positive elements
 */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  checkTensor('where', 'condition', condition);
  if (condition.dtype !== 'bool')
    throw new DTypeError(`where: condition must be bool; got ${condition.dtype}. Compare it, or cast it: condition.bool()`);
  const [x, y] = binaryOperands('where', a, b);
  return apply('where', [condition, x, y], {}, []);
}

/**
 * `x` with `value` in all places where the bool `mask` holds. PyTorch: `torch.masked_fill`.
 *
 * @throws DTypeError if the mask is not bool or the value does not fit the dtype of `x`; ShapeError if the mask does not broadcast to `x`.
 * @example maskedFill(scores, mask, -Infinity)
 */
export function maskedFill(x: Tensor, mask: Tensor, value: TensorLike): Tensor {
  checkTensor('maskedFill', 'x', x);
  checkTensor('maskedFill', 'mask', mask);
  const filled = where(mask, value, x);
  if (filled.dtype !== x.dtype)
    throw new DTypeError(`maskedFill: value must fit a ${x.dtype} tensor; got ${describe(value)}. Cast the tensor first`);
  if (!sameShape(filled.shape, x.shape)) {
    throw new ShapeError(`maskedFill: the mask must broadcast to x; got ${formatShape(mask.shape)} and x ${formatShape(x.shape)}`);
  }
  return filled;
}

export const whereMethods = {
  where: (x: Tensor, condition: Tensor, other: TensorLike): Tensor => where(condition, x, other),
  maskedFill,
};
