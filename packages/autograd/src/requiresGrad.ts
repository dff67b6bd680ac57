import { DTypeError, GradientError, type Tensor } from '@dl/tensor';
import { checkTensor, isFloating, own } from '@dl/tensor/internal';
import { engine } from './engine.ts';

/**
 * Marks a tensor as a leaf: from now on `backward()` accumulates its gradient in `x.grad`. Returns `x` itself.
 * Freeze it with `x.requiresGrad = false`. PyTorch: `x.requires_grad_()`.
 *
 * @throws DTypeError if it is not float32 or float64; GradientError if it was computed from something that requires a gradient.
 * @example
 * const x = requiresGrad(tensor([1, 2, 3]));
 * x.mul(x).sum().backward();
 * await x.grad?.tolist(); // [2, 4, 6]
 */
export function requiresGrad<T extends Tensor>(x: T): T {
  checkTensor('requiresGrad', 'x', x);
  if (!isFloating(x.dtype))
    throw new DTypeError(`requiresGrad: only float32 and float64 tensors have gradients; got ${x.dtype}. Cast it: x.float()`);
  if (x.engine === null) {
    if (x.requiresGrad)
      throw new GradientError(
        'requiresGrad: only leaves can be marked; got a tensor that was computed from one that requires a gradient. Use x.detach()',
      );
    own(x, x);
    x.engine = engine;
  }
  x.requiresGrad = true;
  return x;
}
