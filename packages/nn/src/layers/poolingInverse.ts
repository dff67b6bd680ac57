import type { Tensor } from '@dl/tensor';
import { eachDim } from '@dl/tensor/internal';
import { maxUnpool } from '../functional/pooling.ts';
import { Module } from '../module.ts';
import { shownSizes } from './pooling.ts';
import type { OutputSizeOptions } from './transposedConvolution.ts';

/** What `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d` take. */
export interface MaxUnpoolModuleOptions<Sizes extends readonly number[]> {
  /** How far the windows were apart; default the kernel's size. */
  readonly stride?: number | Sizes | null;
  /** How far the windows reached over both ends; default 0. */
  readonly padding?: number | Sizes;
}

/** What unpoolings share. */
abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(rank: number, kernelSize: number | readonly number[], options: MaxUnpoolModuleOptions<readonly number[]>) {
    super();
    const { stride, padding = 0 } = options;
    this.kernelSize = eachDim(new.target.name, 'kernelSize', kernelSize, rank, 1);
    this.stride = eachDim(new.target.name, 'stride', stride ?? kernelSize, rank, 1);
    this.padding = eachDim(new.target.name, 'padding', padding, rank, 0);
  }

  override forward(x: Tensor, indices: Tensor, options: OutputSizeOptions = {}): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool(this.constructor.name, kernelSize.length, x, indices, kernelSize, { ...options, stride, padding });
  }

  override extraRepr(): string {
    return shownSizes({ kernel_size: this.kernelSize, stride: this.stride, padding: this.padding });
  }
}

/**
 * Puts what `MaxPool1d` picked back to where it stood, and zeros elsewhere: a partial inverse. x and the indices are `[N, C, L]` or
 * `[C, L]`; the result has `(L - 1) stride - 2 padding + kernelSize` places, or `outputSize`. PyTorch: `torch.nn.MaxUnpool1d`.
 *
 * @throws ArgumentError for settings out of range, or at the call for an `outputSize` a stride or more away from the default; ShapeError if
 *   shapes differ; DTypeError if the indices are not int32; IndexError, when evaluated, for an index outside of the result.
 * @example new MaxUnpool1d(2)(...new MaxPool1d(2, { returnIndices: true })(x))
 */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: number | readonly [number], options: MaxUnpoolModuleOptions<readonly [number]> = {}) {
    super(1, kernelSize, options);
  }
}

/**
 * Puts what `MaxPool2d` picked back to where it stood, as `MaxUnpool1d`: x and the indices are `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.MaxUnpool2d`.
 *
 * @throws as `MaxUnpool1d`.
 * @example new MaxUnpool2d(2)(pooled, indices, { outputSize: [5, 5] })
 */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: number | readonly [number, number], options: MaxUnpoolModuleOptions<readonly [number, number]> = {}) {
    super(2, kernelSize, options);
  }
}

/**
 * Puts what `MaxPool3d` picked back to where it stood, as `MaxUnpool1d`: x and the indices are `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.MaxUnpool3d`.
 *
 * @throws as `MaxUnpool1d`.
 * @example new MaxUnpool3d(2)(pooled, indices)
 */
export class MaxUnpool3d extends MaxUnpool {
  constructor(
    kernelSize: number | readonly [number, number, number],
    options: MaxUnpoolModuleOptions<readonly [number, number, number]> = {},
  ) {
    super(3, kernelSize, options);
  }
}
