import type { Tensor } from '../tensor.ts';
import { type MaxPoolOptions, maxPool } from './pooling.ts';

/**
 * `maxPool1d`, and beside it where each maximum stands: int32 positions along the last dim of x, which have no gradient.
 * PyTorch: `torch.nn.functional.max_pool1d_with_indices`.
 *
 * @throws as `maxPool1d`.
 * @example const [y, indices] = maxPool1dWithIndices(tensor([[1, 3, 2, 0]]), 2) // [[3, 2]], [[1, 2]]
 */
export function maxPool1dWithIndices(
  x: Tensor,
  kernelSize: number | readonly [number],
  options: MaxPoolOptions<readonly [number]> = {},
): readonly [output: Tensor, indices: Tensor] {
  return maxPool('maxPool1dWithIndices', 1, x, kernelSize, options);
}

/**
 * `maxPool2d`, and beside it where each maximum stands: int32 positions `h · W + w` in its plane of x, which have no gradient.
 * PyTorch: `torch.nn.functional.max_pool2d_with_indices`.
 *
 * @throws as `maxPool2d`.
 * @example maxPool2dWithIndices(ones([1, 32, 28, 28]), 2)[1].shape // [1, 32, 14, 14]
 */
export function maxPool2dWithIndices(
  x: Tensor,
  kernelSize: number | readonly [number, number],
  options: MaxPoolOptions<readonly [number, number]> = {},
): readonly [output: Tensor, indices: Tensor] {
  return maxPool('maxPool2dWithIndices', 2, x, kernelSize, options);
}

/**
 * `maxPool3d`, and beside it where each maximum stands: int32 positions `(d · H + h) · W + w` in its volume of x, which have no
 * gradient. PyTorch: `torch.nn.functional.max_pool3d_with_indices`.
 *
 * @throws as `maxPool3d`.
 * @example maxPool3dWithIndices(ones([1, 2, 4, 6, 8]), 2)[1].shape // [1, 2, 2, 3, 4]
 */
export function maxPool3dWithIndices(
  x: Tensor,
  kernelSize: number | readonly [number, number, number],
  options: MaxPoolOptions<readonly [number, number, number]> = {},
): readonly [output: Tensor, indices: Tensor] {
  return maxPool('maxPool3dWithIndices', 3, x, kernelSize, options);
}
