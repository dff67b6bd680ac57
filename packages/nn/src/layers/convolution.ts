import { pad, type Tensor } from '@dl/tensor';
import { convolve, reachOf, stepsAlong } from '@dl/tensor/internal';
import { type CommonConvModuleOptions, ConvNd, type PaddingMode } from './convolutionBase.ts';

/** What `Conv1d`, `Conv2d` and `Conv3d` take. */
export interface ConvModuleOptions<Sizes extends readonly number[]> extends CommonConvModuleOptions<Sizes> {
  /** What is added on both sides of each dim; `same` keeps the sizes (for a stride of 1), `valid` adds nothing. Default 0. */
  readonly padding?: number | Sizes | 'same' | 'valid';
  /** What is added: zeros, the input mirrored without its edge, its edge, or its other end. Default `'zeros'`. */
  readonly paddingMode?: PaddingMode;
}

/** What convolutions of all ranks share. */
abstract class Conv extends ConvNd {
  constructor(
    rank: number,
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options: ConvModuleOptions<readonly number[]>,
  ) {
    super(inChannels, outChannels, kernelSize, { ...options, rank, transposed: false });
  }

  override forward(x: Tensor): Tensor {
    this.checkChannelsOf(x);
    const { weight, bias, stride, padding, dilation, groups, kernelSize, paddingMode } = this;
    const options = { bias, stride, dilation, groups };
    const { name } = this.constructor;
    if (paddingMode === 'zeros') return convolve(name, kernelSize.length, x, weight, { ...options, padding });
    return convolve(name, kernelSize.length, pad(x, this.margins(), { mode: paddingMode }), weight, options);
  }

  /** What `padding` adds, as `pad` takes it: last dim first. */
  private margins(): number[] {
    const { padding } = this;
    if (padding === 'valid') return [];
    if (padding !== 'same') return padding.toReversed().flatMap((size) => [size, size]);
    const totals = stepsAlong(this.kernelSize, { stride: [], padding: [], dilation: this.dilation }).map((steps) => reachOf(steps) - 1);
    return totals.toReversed().flatMap((total) => [Math.floor(total / 2), Math.ceil(total / 2)]);
  }
}

/**
 * Learned filters over one dim: `out[n][o][l] = bias[o] + Σ_c Σ_k weight[o][c][k] · x[n][c][l · stride - padding + k · dilation]`.
 * x is `[N, inChannels, L]` or `[inChannels, L]`; the result has `floor((L + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1`
 * places. Weight and bias start uniform in `±1 / √(inChannels / groups · kernelSize)`. PyTorch: `torch.nn.Conv1d`.
 *
 * @throws ArgumentError for settings out of range, groups that do not divide the channels, or `padding: 'same'` with a stride; at the
 *   call ShapeError if the rank or the channels are others, or the kernel is larger than the padded input.
 * @example new Conv1d(16, 33, 3, { stride: 2 })(x)
 */
export class Conv1d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number],
    options: ConvModuleOptions<readonly [number]> = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Learned filters over two dims, as `Conv1d` over one: x is `[N, inChannels, H, W]` or `[inChannels, H, W]`. PyTorch: `torch.nn.Conv2d`.
 *
 * @throws as `Conv1d`.
 * @example new Conv2d(1, 32, 3, { padding: 1 })(images)
 */
export class Conv2d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number, number],
    options: ConvModuleOptions<readonly [number, number]> = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Learned filters over three dims, as `Conv1d` over one: x is `[N, inChannels, D, H, W]` or `[inChannels, D, H, W]`.
 * PyTorch: `torch.nn.Conv3d`.
 *
 * @throws as `Conv1d`.
 * @example new Conv3d(1, 8, [3, 5, 5], { padding: 'same', paddingMode: 'replicate' })(volumes)
 */
export class Conv3d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number, number, number],
    options: ConvModuleOptions<readonly [number, number, number]> = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
