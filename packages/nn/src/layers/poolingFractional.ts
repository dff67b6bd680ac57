import type { Tensor } from '@dl/tensor';
import { checkFractional, type FractionalMaxPoolOptions, fractionalMaxPool } from '../functional/poolingFractional.ts';
import { Module } from '../module.ts';
import { checked, type MaxPoolOutput } from './pooling.ts';

type Two = readonly [number, number];
type Three = readonly [number, number, number];

/** What `FractionalMaxPool2d` and `FractionalMaxPool3d` take: an `outputSize` or an `outputRatio`. */
export interface FractionalMaxPoolModuleOptions<Sizes extends readonly number[], Indices extends boolean = boolean>
  extends Omit<FractionalMaxPoolOptions<Sizes>, 'randomSamples'> {
  /** Whether to return the maxima's places as well; default `false`. */
  readonly returnIndices?: Indices;
}

/** What fractional poolings share. */
abstract class FractionalMaxPool<Indices extends boolean> extends Module {
  readonly kernelSize: number | readonly number[];
  readonly outputSize: number | readonly number[] | null;
  readonly outputRatio: number | readonly number[] | null;
  readonly returnIndices: boolean;
  private readonly rank: number;

  constructor(rank: number, kernelSize: number | readonly number[], options: FractionalMaxPoolModuleOptions<readonly number[]>) {
    super();
    checkFractional(new.target.name, rank, options);
    this.kernelSize = checked(new.target.name, 'kernelSize', kernelSize, rank, 1);
    this.outputSize = options.outputSize ?? null;
    this.outputRatio = options.outputRatio ?? null;
    this.returnIndices = options.returnIndices ?? false;
    this.rank = rank;
  }

  override forward(x: Tensor): MaxPoolOutput<Indices> {
    const { kernelSize, outputSize, outputRatio } = this;
    const both = fractionalMaxPool(this.constructor.name, this.rank, x, kernelSize, { outputSize, outputRatio });
    return (this.returnIndices ? both : both[0]) as MaxPoolOutput<Indices>;
  }
}

/**
 * The greatest of windows at random distances, drawn anew at each call and for each plane, in training and evaluation alike (Graham
 * 2014): x `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.FractionalMaxPool2d`.
 *
 * @throws ArgumentError unless either `outputSize` or `outputRatio` is given, or for settings out of range; at the call ShapeError if the
 *   rank is wrong, or kernel and result do not fit into x.
 * @example new FractionalMaxPool2d(2, { outputRatio: 0.7 })(images)
 */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: number | Two, options: FractionalMaxPoolModuleOptions<Two, Indices>) {
    super(2, kernelSize, options);
  }
}

/**
 * The greatest of windows at random distances, as `FractionalMaxPool2d`: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.FractionalMaxPool3d`.
 *
 * @throws as `FractionalMaxPool2d`.
 * @example new FractionalMaxPool3d(2, { outputSize: [4, 7, 7] })(videos)
 */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: number | Three, options: FractionalMaxPoolModuleOptions<Three, Indices>) {
    super(3, kernelSize, options);
  }
}
