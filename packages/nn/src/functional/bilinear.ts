import { ShapeError, type Tensor } from '@dl/tensor';
import { formatShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';

/**
 * `x₁ᵀ Aᵢ x₂ + bᵢ` for each i: x1 `[…, in1]`, x2 `[…, in2]`, weight `[out, in1, in2]`, bias `[out]`; gives `[…, out]`.
 * PyTorch: `torch.nn.functional.bilinear`.
 *
 * @throws ShapeError if the sizes do not fit; DTypeError unless all are of one floating dtype.
 * @example bilinear(x1, x2, weight, bias)
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkInputs('bilinear', { x1, x2, weight, bias });
  const [out = 0, in1 = 0, in2 = 0] = weight.shape;
  const outer = x1.shape.slice(0, -1);
  if (weight.ndim !== 3 || x1.ndim === 0 || x1.size(-1) !== in1) throw misfit(x1, x2, weight);
  checkSize('bilinear', 'x2', x2, [...outer, in2]);
  if (bias !== null) checkSize('bilinear', 'bias', bias, [out]);
  // [n, in1] [in1, out in2] is [n, out, in2]; each row then meets its x2.
  const mixed = x1.reshape([-1, in1]).matmul(weight.permute([1, 0, 2]).reshape([in1, out * in2]));
  const y = mixed
    .reshape([-1, out, in2])
    .matmul(x2.reshape([-1, in2, 1]))
    .reshape([...outer, out]);
  return bias === null ? y : y.add(bias);
}

function misfit(x1: Tensor, x2: Tensor, weight: Tensor): ShapeError {
  const shapes = [x1, x2, weight].map(({ shape }) => formatShape(shape));
  return new ShapeError(`bilinear: x1 must be […, in1], x2 […, in2] and the weight [out, in1, in2]; got ${shapes.join(', ')}`);
}
