import type { Tensor } from '@dl/tensor';
import { adaptiveAvgPool, adaptiveMaxPool, adaptiveSizes, type OutputSize } from '../functional/adaptivePooling.ts';
import { Module } from '../module.ts';
import { type MaxPoolOutput, shownSizes } from './pooling.ts';

type One = readonly [OutputSize];
type Two = readonly [OutputSize, OutputSize];
type Three = readonly [OutputSize, OutputSize, OutputSize];
type AnySizes = readonly OutputSize[];

/** What `AdaptiveMaxPool1d`, `AdaptiveMaxPool2d` and `AdaptiveMaxPool3d` take. */
export interface AdaptiveMaxPoolOptions<Indices extends boolean = boolean> {
  /** Whether to return the maxima's places as well, as `MaxUnpool` takes them; default `false`. */
  readonly returnIndices?: Indices;
}

/** What all adaptive poolings share. */
abstract class AdaptivePool extends Module {
  readonly outputSize: OutputSize | AnySizes;
  protected readonly rank: number;

  constructor(rank: number, outputSize: OutputSize | AnySizes) {
    super();
    const sizes = adaptiveSizes(new.target.name, rank, outputSize);
    this.outputSize = Array.isArray(outputSize) ? sizes : outputSize;
    this.rank = rank;
  }

  override extraRepr(): string {
    return shownSizes({ output_size: this.outputSize });
  }
}

/** What adaptive poolings for means share. */
abstract class AdaptiveAvgPool extends AdaptivePool {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool(this.constructor.name, this.rank, x, this.outputSize);
  }
}

/** What adaptive poolings for maxima share. */
abstract class AdaptiveMaxPool<Indices extends boolean> extends AdaptivePool {
  readonly returnIndices: boolean;

  constructor(rank: number, outputSize: OutputSize | AnySizes, { returnIndices = false }: AdaptiveMaxPoolOptions) {
    super(rank, outputSize);
    this.returnIndices = returnIndices;
  }

  override forward(x: Tensor): MaxPoolOutput<Indices> {
    const both = adaptiveMaxPool(this.constructor.name, this.rank, x, this.outputSize);
    return (this.returnIndices ? both : both[0]) as MaxPoolOutput<Indices>;
  }
}

/**
 * Means over as many windows as are asked for, whatever the size of x: place i of O is the mean from `floor(i L / O)` up to
 * `ceil((i + 1) L / O)`. x is `[N, C, L]` or `[C, L]`. PyTorch: `torch.nn.AdaptiveAvgPool1d`.
 *
 * @throws ArgumentError if a size is not a whole number from 1 up; at the call ShapeError if the rank is wrong or x has no elements.
 * @example new AdaptiveAvgPool1d(5)(x)
 */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool {
  constructor(outputSize: OutputSize | One) {
    super(1, outputSize);
  }
}

/**
 * Means over a grid of windows of the last two dims, as `AdaptiveAvgPool1d` over one; a size of `null` keeps that of the input. x is
 * `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.AdaptiveAvgPool2d`.
 *
 * @throws as `AdaptiveAvgPool1d`.
 * @example new AdaptiveAvgPool2d(1)(features)
 */
export class AdaptiveAvgPool2d extends AdaptiveAvgPool {
  constructor(outputSize: OutputSize | Two) {
    super(2, outputSize);
  }
}

/**
 * Means over a grid of windows of the last three dims, as `AdaptiveAvgPool1d` over one; a size of `null` keeps that of the input. x is
 * `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.AdaptiveAvgPool3d`.
 *
 * @throws as `AdaptiveAvgPool1d`.
 * @example new AdaptiveAvgPool3d([null, 7, 7])(videos)
 */
export class AdaptiveAvgPool3d extends AdaptiveAvgPool {
  constructor(outputSize: OutputSize | Three) {
    super(3, outputSize);
  }
}

/**
 * The greatest of as many windows as are asked for, those of `AdaptiveAvgPool1d`; with `returnIndices` `[output, indices]`.
 * PyTorch: `torch.nn.AdaptiveMaxPool1d`.
 *
 * @throws as `AdaptiveAvgPool1d`.
 * @example new AdaptiveMaxPool1d(5)(x)
 */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSize | One, options: AdaptiveMaxPoolOptions<Indices> = {}) {
    super(1, outputSize, options);
  }
}

/**
 * The greatest of a grid of windows over the last two dims, those of `AdaptiveAvgPool2d`. PyTorch: `torch.nn.AdaptiveMaxPool2d`.
 *
 * @throws as `AdaptiveAvgPool1d`.
 * @example new AdaptiveMaxPool2d([7, null])(images)
 */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSize | Two, options: AdaptiveMaxPoolOptions<Indices> = {}) {
    super(2, outputSize, options);
  }
}

/**
 * The greatest of a grid of windows over the last three dims, those of `AdaptiveAvgPool3d`. PyTorch: `torch.nn.AdaptiveMaxPool3d`.
 *
 * @throws as `AdaptiveAvgPool1d`.
 * @example new AdaptiveMaxPool3d(2)(volumes)
 */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSize | Three, options: AdaptiveMaxPoolOptions<Indices> = {}) {
    super(3, outputSize, options);
  }
}
