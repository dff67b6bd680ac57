import type { MaxPoolOptions, Tensor } from '@dl/tensor';
import { avgPool, checkInteger, eachDim, maxPool } from '@dl/tensor/internal';
import { checkNormType, type LPPoolOptions, lpPool } from '../functional/pooling.ts';
import { Module } from '../module.ts';
import { bool, tuple } from '../repr.ts';

type One = readonly [number];
type Two = readonly [number, number];
type Three = readonly [number, number, number];
type AnySizes = readonly number[];

/** What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` take. */
export interface MaxPoolModuleOptions<Sizes extends AnySizes, Indices extends boolean = boolean>
  extends Omit<MaxPoolOptions<Sizes>, 'stride'> {
  /** How far the window moves; default the kernel's size: windows side by side. */
  readonly stride?: number | Sizes | null;
  /** Whether to return the maxima's places as well, as `MaxUnpool` takes them; default `false`. */
  readonly returnIndices?: Indices;
}

/** What pooling for maxima returns: with `returnIndices` a pair. */
export type MaxPoolOutput<Indices extends boolean> = Indices extends true ? readonly [output: Tensor, indices: Tensor] : Tensor;

/** What `AvgPool1d` takes. */
export interface AvgPool1dModuleOptions extends LPPoolOptions<One> {
  /** How far windows reach over both ends, at most half the kernel; default 0. */
  readonly padding?: number | One;
  /** Whether padding counts among the elements that the sum is divided by; default `true`. */
  readonly countIncludePad?: boolean;
}

/** What `AvgPool2d` and `AvgPool3d` take. */
export interface AvgPoolModuleOptions<Sizes extends AnySizes> extends LPPoolOptions<Sizes> {
  /** How far windows reach over both ends, at most half the kernel; default 0. */
  readonly padding?: number | Sizes;
  /** Whether padding counts among the elements that the sum is divided by; default `true`. */
  readonly countIncludePad?: boolean;
  /** What sums are divided by, whatever they are of; default the number of elements. */
  readonly divisorOverride?: number | null;
}

/** What poolings for maxima share. */
abstract class MaxPool<Indices extends boolean> extends Module {
  readonly kernelSize: number | AnySizes;
  readonly stride: number | AnySizes;
  readonly padding: number | AnySizes;
  readonly dilation: number | AnySizes;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;
  private readonly rank: number;

  constructor(rank: number, kernelSize: number | AnySizes, options: MaxPoolModuleOptions<AnySizes, Indices>) {
    super();
    const { stride, padding = 0, dilation = 1, ceilMode = false, returnIndices = false } = options;
    this.kernelSize = checked(new.target.name, 'kernelSize', kernelSize, rank, 1);
    this.stride = checked(new.target.name, 'stride', stride ?? kernelSize, rank, 1);
    this.padding = checked(new.target.name, 'padding', padding, rank, 0);
    this.dilation = checked(new.target.name, 'dilation', dilation, rank, 1);
    this.ceilMode = ceilMode;
    this.returnIndices = returnIndices;
    this.rank = rank;
  }

  override forward(x: Tensor): MaxPoolOutput<Indices> {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this;
    const both = maxPool(this.constructor.name, this.rank, x, kernelSize, { stride, padding, dilation, ceilMode });
    return (returnIndices ? both : both[0]) as MaxPoolOutput<Indices>;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    const sizes = { kernel_size: kernelSize, stride, padding, dilation };
    return `${shownSizes(sizes)}, ceil_mode=${bool(ceilMode)}`;
  }
}

/**
 * The greatest of each window along the last dim: `out[n][c][l] = max_k x[n][c][l · stride - padding + k · dilation]`, over what is inside
 * of x. x is `[N, C, L]` or `[C, L]`; `NaN` wins; the gradient goes to the first of equals. With `returnIndices` it returns `[output,
 * indices]`. PyTorch: `torch.nn.MaxPool1d`.
 *
 * @throws ArgumentError for settings out of range; at the call ShapeError if the rank is wrong, or the kernel is larger than the padded
 *   input.
 * @example new MaxPool1d(2)(x)
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: number | One, options: MaxPoolModuleOptions<One, Indices> = {}) {
    super(1, kernelSize, options);
  }
}

/**
 * The greatest of each window over the last two dims, as `MaxPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.MaxPool2d`.
 *
 * @throws as `MaxPool1d`.
 * @example const [pooled, indices] = new MaxPool2d(2, { returnIndices: true })(images)
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: number | Two, options: MaxPoolModuleOptions<Two, Indices> = {}) {
    super(2, kernelSize, options);
  }
}

/**
 * The greatest of each window over the last three dims, as `MaxPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.MaxPool3d`.
 *
 * @throws as `MaxPool1d`.
 * @example new MaxPool3d([1, 2, 2])(videos)
 */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: number | Three, options: MaxPoolModuleOptions<Three, Indices> = {}) {
    super(3, kernelSize, options);
  }
}

/** What poolings for means share. */
abstract class AvgPool extends Module {
  readonly kernelSize: number | AnySizes;
  readonly stride: number | AnySizes;
  readonly padding: number | AnySizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;
  private readonly rank: number;

  constructor(rank: number, kernelSize: number | AnySizes, options: AvgPoolModuleOptions<AnySizes>) {
    super();
    const { stride, padding = 0, ceilMode = false, countIncludePad = true, divisorOverride = null } = options;
    this.kernelSize = checked(new.target.name, 'kernelSize', kernelSize, rank, 1);
    this.stride = checked(new.target.name, 'stride', stride ?? kernelSize, rank, 1);
    this.padding = checked(new.target.name, 'padding', padding, rank, 0);
    if (divisorOverride !== null) checkInteger(new.target.name, 'divisorOverride', divisorOverride);
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
    this.divisorOverride = divisorOverride;
    this.rank = rank;
  }

  override forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    const options = { stride, padding, ceilMode, countIncludePad, divisorOverride };
    return avgPool(this.constructor.name, this.rank, x, kernelSize, options);
  }

  override extraRepr(): string {
    return shownSizes({ kernel_size: this.kernelSize, stride: this.stride, padding: this.padding });
  }
}

/**
 * The mean of each window along the last dim: `out[n][c][l] = Σ_k x[n][c][l · stride - padding + k] / count`, with zeros outside of x. x is
 * `[N, C, L]` or `[C, L]`. PyTorch: `torch.nn.AvgPool1d`.
 *
 * @throws ArgumentError for settings out of range; at the call ShapeError if the rank is wrong, or the kernel is larger than the padded
 *   input.
 * @example new AvgPool1d(3, { stride: 2 })(x)
 */
export class AvgPool1d extends AvgPool {
  constructor(kernelSize: number | One, options: AvgPool1dModuleOptions = {}) {
    super(1, kernelSize, options);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return shownSizes({ kernel_size: [kernelSize].flat(), stride: [stride].flat(), padding: [padding].flat() });
  }
}

/**
 * The mean of each window over the last two dims, as `AvgPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.AvgPool2d`.
 *
 * @throws as `AvgPool1d`.
 * @example new AvgPool2d(2)(images)
 */
export class AvgPool2d extends AvgPool {
  constructor(kernelSize: number | Two, options: AvgPoolModuleOptions<Two> = {}) {
    super(2, kernelSize, options);
  }
}

/**
 * The mean of each window over the last three dims, as `AvgPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.AvgPool3d`.
 *
 * @throws as `AvgPool1d`.
 * @example new AvgPool3d([1, 2, 2])(videos)
 */
export class AvgPool3d extends AvgPool {
  constructor(kernelSize: number | Three, options: AvgPoolModuleOptions<Three> = {}) {
    super(3, kernelSize, options);
  }
}

/** What poolings for norms share. */
abstract class LPPool extends Module {
  readonly normType: number;
  readonly kernelSize: number | AnySizes;
  readonly stride: number | AnySizes | null;
  readonly ceilMode: boolean;
  private readonly rank: number;

  constructor(rank: number, normType: number, kernelSize: number | AnySizes, options: LPPoolOptions<AnySizes>) {
    super();
    checkNormType(new.target.name, normType);
    const { stride = null, ceilMode = false } = options;
    this.normType = normType;
    this.kernelSize = checked(new.target.name, 'kernelSize', kernelSize, rank, 1);
    this.stride = stride === null ? null : checked(new.target.name, 'stride', stride, rank, 1);
    this.ceilMode = ceilMode;
    this.rank = rank;
  }

  override forward(x: Tensor): Tensor {
    const { normType, kernelSize, stride, ceilMode } = this;
    return lpPool(this.constructor.name, this.rank, x, normType, kernelSize, { stride, ceilMode });
  }

  override extraRepr(): string {
    const { normType, kernelSize, stride, ceilMode } = this;
    return `norm_type=${normType}, ${shownSizes({ kernel_size: kernelSize, stride })}, ceil_mode=${bool(ceilMode)}`;
  }
}

/**
 * The p-norm of each window along the last dim: `out[l] = (Σ_k x[l · stride + k]^p)^(1/p)`, p being `normType`: 1 adds up. x is
 * `[N, C, L]` or `[C, L]`; for an odd p the sum keeps its signs, as in PyTorch. PyTorch: `torch.nn.LPPool1d`.
 *
 * @throws ArgumentError for settings out of range; at the call ShapeError if the kernel is larger than x.
 * @example new LPPool1d(2, 3)(x)
 */
export class LPPool1d extends LPPool {
  constructor(normType: number, kernelSize: number | One, options: LPPoolOptions<One> = {}) {
    super(1, normType, kernelSize, options);
  }
}

/**
 * The p-norm of each window over the last two dims, as `LPPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.LPPool2d`.
 *
 * @throws as `LPPool1d`.
 * @example new LPPool2d(2, [3, 2], { stride: 2 })(images)
 */
export class LPPool2d extends LPPool {
  constructor(normType: number, kernelSize: number | Two, options: LPPoolOptions<Two> = {}) {
    super(2, normType, kernelSize, options);
  }
}

/**
 * The p-norm of each window over the last three dims, as `LPPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.LPPool3d`.
 *
 * @throws as `LPPool1d`.
 * @example new LPPool3d(2, 2)(volumes)
 */
export class LPPool3d extends LPPool {
  constructor(normType: number, kernelSize: number | Three, options: LPPoolOptions<Three> = {}) {
    super(3, normType, kernelSize, options);
  }
}

// ---------------------------------------------------------------------------------------------------------------------

/** A size for all dims or a list of them, as it was given, which is how it prints. */
export function checked(caller: string, name: string, size: number | AnySizes, rank: number, least: number): number | AnySizes {
  const sizes = eachDim(caller, name, size, rank, least);
  return typeof size === 'number' ? size : sizes;
}

/** Sizes as Python prints keyword arguments. */
export function shownSizes(sizes: Readonly<Record<string, number | readonly (number | null)[] | null>>): string {
  return Object.entries(sizes)
    .map(([name, size]) => `${name}=${shownSize(size)}`)
    .join(', ');
}

function shownSize(size: number | readonly (number | null)[] | null): string {
  if (size === null) return 'None';
  return typeof size === 'number' ? String(size) : tuple(size.map((one) => one ?? 'None'));
}
