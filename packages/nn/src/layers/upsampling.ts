import type { Shape, Tensor } from '@dl/tensor';
import { checkInterpolation, type InterpolateMode, type InterpolateOptions, interpolateAs } from '../functional/interpolate.ts';
import { Module } from '../module.ts';
import { float, tuple } from '../repr.ts';

/** What `UpsamplingNearest2d` and `UpsamplingBilinear2d` take: a `size` or a `scaleFactor`. */
export interface UpsamplingOptions {
  /** `[H, W]` of the result; a number stands for both. */
  readonly size?: number | readonly [number, number] | null;
  /** By what height and width grow; the sizes are rounded down. */
  readonly scaleFactor?: number | readonly [number, number] | null;
}

/**
 * Stretches the spatial dims of `[N, C, L]`, `[N, C, H, W]` or `[N, C, D, H, W]`; see `functional.interpolate` for what its options do.
 * PyTorch: `torch.nn.Upsample`.
 *
 * @throws ArgumentError unless either `size` or `scaleFactor` is given, or for options that do not go together; at the call ShapeError if
 *   the mode is for another rank.
 * @example new Upsample({ scaleFactor: 2, mode: 'bilinear' })(images)
 */
export class Upsample extends Module {
  readonly size: number | Shape | null;
  readonly scaleFactor: number | readonly number[] | null;
  readonly mode: InterpolateMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(options: InterpolateOptions) {
    super();
    checkInterpolation(new.target.name, options);
    const { size = null, scaleFactor = null, mode = 'nearest', alignCorners = null, recomputeScaleFactor = null } = options;
    this.size = size;
    this.scaleFactor = scaleFactor;
    this.mode = mode;
    this.alignCorners = alignCorners;
    this.recomputeScaleFactor = recomputeScaleFactor;
  }

  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolateAs(this.constructor.name, x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    const how = scaleFactor === null ? `size=${shown(size ?? [], String)}` : `scale_factor=${shown(scaleFactor, float)}`;
    return `${how}, mode='${mode}'`;
  }
}

/**
 * Stretches `[N, C, H, W]` by repeating elements. PyTorch: `torch.nn.UpsamplingNearest2d`.
 *
 * @throws as `Upsample`.
 * @example new UpsamplingNearest2d({ scaleFactor: 2 })(images)
 */
export class UpsamplingNearest2d extends Upsample {
  constructor({ size = null, scaleFactor = null }: UpsamplingOptions) {
    super({ size, scaleFactor, mode: 'nearest' });
  }
}

/**
 * Stretches `[N, C, H, W]` by weighted means, with corners aligned. PyTorch: `torch.nn.UpsamplingBilinear2d`.
 *
 * @throws as `Upsample`.
 * @example new UpsamplingBilinear2d({ size: [64, 64] })(images)
 */
export class UpsamplingBilinear2d extends Upsample {
  constructor({ size = null, scaleFactor = null }: UpsamplingOptions) {
    super({ size, scaleFactor, mode: 'bilinear', alignCorners: true });
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function shown(value: number | readonly number[], show: (one: number) => string): string {
  return typeof value === 'number' ? show(value) : tuple(value.map(show));
}
