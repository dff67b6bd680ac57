import type { Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { channelShuffle, pixelShuffle, pixelUnshuffle } from '../functional/pixelShuffle.ts';
import { Module } from '../module.ts';

/**
 * Turns channels into places: `[…, C r², H, W]` becomes `[…, C, H r, W r]`; r is `upscaleFactor` (Shi et al. 2016).
 * PyTorch: `torch.nn.PixelShuffle`.
 *
 * @throws ArgumentError if the factor is not a whole number from 1 up; at the call ShapeError if its square does not divide the channels.
 * @example new PixelShuffle(2)(features)
 */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super();
    checkInteger('PixelShuffle', 'upscaleFactor', upscaleFactor, 1);
    this.upscaleFactor = upscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/**
 * The inverse of `PixelShuffle`: `[…, C, H r, W r]` becomes `[…, C r², H, W]`; r is `downscaleFactor`. PyTorch: `torch.nn.PixelUnshuffle`.
 *
 * @throws ArgumentError if the factor is not a whole number from 1 up; at the call ShapeError if it does not divide the last two dims.
 * @example new PixelUnshuffle(2)(images)
 */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super();
    checkInteger('PixelUnshuffle', 'downscaleFactor', downscaleFactor, 1);
    this.downscaleFactor = downscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/**
 * Deals the channels of `[N, C, …]` out like cards: of each of the groups in turn one (Zhang et al. 2018). PyTorch:
 * `torch.nn.ChannelShuffle`.
 *
 * @throws ArgumentError if `groups` is not a whole number from 1 up, or at the call does not divide the channels.
 * @example new ChannelShuffle(2)(features)
 */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(groups: number) {
    super();
    checkInteger('ChannelShuffle', 'groups', groups, 1);
    this.groups = groups;
  }

  override forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
