import { conv1d, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';

/**
 * A convolution of sequences whose channels come last: x `[T, B, in]`, weight `[kernel, in, out]`, bias `[out]`, with `pad` zeros at both ends,
 * gives `[T + 2 pad - kernel + 1, B, out]`. PyTorch: `torch.nn.functional.conv_tbc`.
 *
 * @throws ShapeError if the sizes do not fit, or the kernel is longer than the padded sequence; DTypeError unless all are of one floating
 *   dtype; ArgumentError if `pad` is not a whole number from 0 up.
 * @example convTbc(randn([10, 2, 8]), randn([3, 8, 16]), zeros([16]), 1).shape // [10, 2, 16]
 */
export function convTbc(x: Tensor, weight: Tensor, bias: Tensor, pad = 0): Tensor {
  checkInputs('convTbc', { x, weight, bias });
  checkInteger('convTbc', 'pad', pad, 0);
  const [kernel = 0, inner = 0, out = 0] = weight.shape;
  const got = `got x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}`;
  if (x.ndim !== 3 || weight.ndim !== 3 || x.size(2) !== inner)
    throw new ShapeError(`convTbc: x must be [T, B, in] and the weight [kernel, in, out]; ${got}`);
  checkSize('convTbc', 'bias', bias, [out]);
  if (kernel === 0 || kernel > x.size(0) + 2 * pad)
    throw new ShapeError(`convTbc: the kernel must have 1 to T + 2 pad = ${x.size(0) + 2 * pad} steps; ${got}`);
  return conv1d(x.permute([1, 2, 0]), weight.permute([2, 1, 0]), { bias, padding: pad }).permute([2, 0, 1]);
}
