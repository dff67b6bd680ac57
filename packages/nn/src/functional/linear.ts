import { ShapeError, type Tensor } from '@dl/tensor';
import { apply, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';

/**
 * `x Wᵀ + b` on the last dim: x `[…, in]`, weight `[out, in]`, bias `[out]`; gives `[…, out]`. PyTorch: `torch.nn.functional.linear`.
 *
 * @throws ShapeError if the sizes do not fit; DTypeError unless all are of one floating dtype.
 * @example linear(x, weight, bias)
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkInputs('linear', { x, weight, bias });
  const [out = 0, inner = 0] = weight.shape;
  if (weight.ndim !== 2 || x.ndim === 0 || x.size(-1) !== inner) {
    throw new ShapeError(
      `linear: x must be […, in] and the weight [out, in]; got x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}`,
    );
  }
  if (bias === null) return x.matmul(weight.t());
  checkSize('linear', 'bias', bias, [out]);
  return apply('linear', [x, weight, bias], {}, []);
}
