import { ArgumentError, type Shape, type Tensor } from '@dl/tensor';
import { checkOneOf, convolveTransposed, eachDim, formatShape, spreadOf, stepsAlong } from '@dl/tensor/internal';
import { type CommonConvModuleOptions, ConvNd } from './convolutionBase.ts';

/** What `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d` take. */
export interface ConvTransposeModuleOptions<Sizes extends readonly number[]> extends CommonConvModuleOptions<Sizes> {
  /** How much is cut off on both sides of the result; default 0. */
  readonly padding?: number | Sizes;
  /** How much longer the result is at the end of each dim, less than the stride or the dilation; default 0. */
  readonly outputPadding?: number | Sizes;
  /** There is but one. */
  readonly paddingMode?: 'zeros';
}

/** What a call of a transposed convolution or of `MaxUnpool` takes. */
export interface OutputSizeOptions {
  /** The size of each spatial dim of the result, or all its sizes: of those that the strides make equal, which. */
  readonly outputSize?: number | Shape | null;
}

/** What transposed convolutions of all ranks share. */
abstract class ConvTranspose extends ConvNd {
  declare readonly padding: readonly number[];

  constructor(
    rank: number,
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options: ConvTransposeModuleOptions<readonly number[]>,
  ) {
    const { padding = 0, paddingMode = 'zeros' } = options;
    checkOneOf(new.target.name, 'paddingMode', paddingMode, ['zeros']);
    const sizes = eachDim(new.target.name, 'padding', padding, rank, 0);
    super(inChannels, outChannels, kernelSize, { ...options, padding: sizes, rank, transposed: true });
    checkOutputPadding(this);
  }

  override forward(x: Tensor, options: OutputSizeOptions = {}): Tensor {
    this.checkChannelsOf(x);
    const { weight, bias, stride, padding, dilation, groups, kernelSize } = this;
    const outputPadding = this.outputPaddingFor(x, options.outputSize ?? null);
    const settings = { bias, stride, padding, dilation, groups, outputPadding };
    return convolveTransposed(this.constructor.name, kernelSize.length, x, weight, settings);
  }

  private outputPaddingFor(x: Tensor, outputSize: number | Shape | null): readonly number[] {
    if (outputSize === null) return this.outputPadding;
    const { kernelSize, stride } = this;
    const { name } = this.constructor;
    const rank = kernelSize.length;
    const spatial = typeof outputSize !== 'number' && outputSize.length === x.ndim ? outputSize.slice(-rank) : outputSize;
    const wanted = eachDim(name, 'outputSize', spatial, rank, 1);
    const least = stepsAlong(kernelSize, this).map((steps, dim) => spreadOf(x.size(dim - rank), steps));
    const most = least.map((size, dim) => size + (stride[dim] ?? 1) - 1);
    const added = wanted.map((size, dim) => size - (least[dim] ?? 0));
    if (added.every((size, dim) => size >= 0 && size < (stride[dim] ?? 1))) return added;
    throw new ArgumentError(
      `${name}: outputSize must be from ${formatShape(least)} to ${formatShape(most)} for x ${formatShape(x.shape)}; got ${formatShape(wanted)}`,
    );
  }
}

/**
 * The transpose of `Conv1d`, not its inverse: each element of x adds the kernel, times itself, to the result, a stride apart:
 * `out[n][o][i · stride - padding + k · dilation] += weight[c][o][k] · x[n][c][i]`. x is `[N, inChannels, L]` or `[inChannels, L]`; the
 * result has `(L - 1) stride - 2 padding + dilation (kernelSize - 1) + outputPadding + 1` places, or those of `outputSize`. Weight and
 * bias start uniform in `±1 / √(outChannels / groups · kernelSize)`. PyTorch: `torch.nn.ConvTranspose1d`.
 *
 * @throws ArgumentError for settings out of range, groups that do not divide the channels, or an `outputPadding` that is neither below
 *   the stride nor the dilation; at the call for an `outputSize` that no input of that size has; ShapeError if the rank or the channels
 *   are others.
 * @example new ConvTranspose1d(4, 2, 3, { stride: 2 })(x, { outputSize: 10 })
 */
export class ConvTranspose1d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number],
    options: ConvTransposeModuleOptions<readonly [number]> = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * The transpose of `Conv2d`, as `ConvTranspose1d` is of `Conv1d`: x is `[N, inChannels, H, W]` or `[inChannels, H, W]`.
 * PyTorch: `torch.nn.ConvTranspose2d`.
 *
 * @throws as `ConvTranspose1d`.
 * @example new ConvTranspose2d(8, 4, 2, { stride: 2 })(h)
 */
export class ConvTranspose2d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number, number],
    options: ConvTransposeModuleOptions<readonly [number, number]> = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * The transpose of `Conv3d`, as `ConvTranspose1d` is of `Conv1d`: x is `[N, inChannels, D, H, W]` or `[inChannels, D, H, W]`.
 * PyTorch: `torch.nn.ConvTranspose3d`.
 *
 * @throws as `ConvTranspose1d`.
 * @example new ConvTranspose3d(8, 4, 2, { stride: 2 })(h)
 */
export class ConvTranspose3d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number, number, number],
    options: ConvTransposeModuleOptions<readonly [number, number, number]> = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function checkOutputPadding({ outputPadding, stride, dilation, constructor: { name } }: ConvTranspose): void {
  for (const [dim, size] of outputPadding.entries()) {
    const [step = 1, gap = 1] = [stride[dim], dilation[dim]];
    if (size < Math.max(step, gap)) continue;
    throw new ArgumentError(`${name}: outputPadding must be less than the stride or the dilation; got ${size} for ${step} and ${gap}`);
  }
}
