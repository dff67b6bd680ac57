import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, checkTensor, formatShape } from '@dl/tensor/internal';

/**
 * Turns channels into places: `[…, C r², H, W]` becomes `[…, C, H r, W r]`, channel `c r² + i r + j` going to the places
 * `(h r + i, w r + j)` of channel c; r is `upscaleFactor` (Shi et al. 2016). PyTorch: `torch.nn.functional.pixel_shuffle`.
 *
 * @throws ArgumentError if the factor is not a whole number from 1 up; ShapeError if x has less than 3 dims, or the factor's square does
 *   not divide the channels.
 * @example pixelShuffle(ones([1, 12, 8, 8]), 2).shape // [1, 3, 16, 16]
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  checkInteger('pixelShuffle', 'upscaleFactor', upscaleFactor, 1);
  const { batch, channels, height, width } = planesOf('pixelShuffle', x);
  const [r, area] = [upscaleFactor, upscaleFactor ** 2];
  if (channels % area !== 0) {
    throw new ShapeError(`pixelShuffle: upscaleFactor squared, ${area}, must divide the channels; got x ${formatShape(x.shape)}`);
  }
  return x
    .reshape([...batch, channels / area, r, r, height, width])
    .permute([...batch.keys(), ...[0, 3, 1, 4, 2].map((dim) => batch.length + dim)])
    .reshape([...batch, channels / area, height * r, width * r]);
}

/**
 * The inverse of `pixelShuffle`: `[…, C, H r, W r]` becomes `[…, C r², H, W]`; r is `downscaleFactor`.
 * PyTorch: `torch.nn.functional.pixel_unshuffle`.
 *
 * @throws ArgumentError if the factor is not a whole number from 1 up; ShapeError if x has less than 3 dims, or the factor does not divide
 *   the last two.
 * @example pixelUnshuffle(ones([1, 3, 16, 16]), 2).shape // [1, 12, 8, 8]
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  checkInteger('pixelUnshuffle', 'downscaleFactor', downscaleFactor, 1);
  const { batch, channels, height, width } = planesOf('pixelUnshuffle', x);
  const r = downscaleFactor;
  if (height % r !== 0 || width % r !== 0) {
    throw new ShapeError(`pixelUnshuffle: downscaleFactor ${r} must divide the last two dims; got x ${formatShape(x.shape)}`);
  }
  return x
    .reshape([...batch, channels, height / r, r, width / r, r])
    .permute([...batch.keys(), ...[0, 2, 4, 1, 3].map((dim) => batch.length + dim)])
    .reshape([...batch, channels * r * r, height / r, width / r]);
}

/**
 * Deals the channels of `[N, C, …]` out like cards: of each of the groups in turn one (Zhang et al. 2018). PyTorch:
 * `torch.nn.functional.channel_shuffle`.
 *
 * @throws ArgumentError if `groups` is not a whole number from 1 up, or does not divide the channels; ShapeError if x has less than 3 dims.
 * @example channelShuffle(arange(4).reshape([1, 4, 1]), 2) // channels 0, 2, 1, 3
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  checkTensor('channelShuffle', 'x', x);
  checkInteger('channelShuffle', 'groups', groups, 1);
  if (x.ndim < 3) throw new ShapeError(`channelShuffle: x must be [N, C, …] of at least 3 dims; got ${formatShape(x.shape)}`);
  const [batch = 1, channels = 1, ...rest] = x.shape;
  if (channels % groups !== 0) {
    throw new ArgumentError(`channelShuffle: groups must divide the channels; got ${groups} groups of x ${formatShape(x.shape)}`);
  }
  return x
    .reshape([batch, groups, channels / groups, ...rest])
    .transpose(1, 2)
    .reshape(x.shape);
}

// ---------------------------------------------------------------------------------------------------------------------

interface Planes {
  readonly batch: readonly number[];
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

function planesOf(caller: string, x: Tensor): Planes {
  checkTensor(caller, 'x', x);
  if (x.ndim < 3) throw new ShapeError(`${caller}: x must be […, C, H, W]; got ${formatShape(x.shape)}`);
  const [channels = 1, height = 1, width = 1] = x.shape.slice(-3);
  return { batch: x.shape.slice(0, -3), channels, height, width };
}
