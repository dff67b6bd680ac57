import { div, permute, ShapeError, type Tensor, unsqueeze } from '@dl/tensor';
import { checkTensor, formatShape } from '@dl/tensor/internal';
import { CallableTransform } from './callableTransform.ts';

/**
 * Makes float32 `[C, H, W]` in [0, 1] of a uint8 image `[H, W]` or `[H, W, C]`: `x / 255`. Other dtypes keep their values.
 * Nothing is computed yet: the bytes go to the device, and the division becomes part of the plan. PyTorch: `torchvision.transforms.ToTensor`.
 *
 * @throws ShapeError if the image has another number of dims.
 * @example new ToTensor()(image) // [28, 28] of uint8 gives [1, 28, 28] of float32
 */
export class ToTensor extends CallableTransform<Tensor, Tensor> {
  /** The same for `[N, H, W]` or `[N, H, W, C]`. */
  readonly batch = (images: Tensor): Tensor => channelsFirst(images, 1);

  protected transform(image: Tensor): Tensor {
    return channelsFirst(image, 0);
  }

  override toString(): string {
    return 'ToTensor()';
  }
}

/** `leading` dims come before those of the image. */
function channelsFirst(images: Tensor, leading: 0 | 1): Tensor {
  checkTensor('ToTensor', 'the image', images);
  const [rank, batch] = [images.ndim - leading, leading === 1 ? 'N, ' : ''];
  if (rank !== 2 && rank !== 3) {
    throw new ShapeError(`ToTensor: images must be [${batch}H, W] or [${batch}H, W, C]; got ${formatShape(images.shape)}`);
  }
  const placed = rank === 2 ? unsqueeze(images, leading) : permute(images, leading === 1 ? [0, 3, 1, 2] : [2, 0, 1]);
  return images.dtype === 'uint8' ? div(placed.to('float32'), 255) : placed;
}
