import { ones, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { checkFinite, checkInteger, formatShape } from '@dl/tensor/internal';
import { checkNonNegative } from '../functional/checks.ts';
import { instanceNorm } from '../functional/instanceNorm.ts';
import { Module } from '../module.ts';
import { Buffer, Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** What `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d` take. */
export interface InstanceNormModuleOptions extends FloatingOptions {
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** How far the running statistics follow, if they are kept; `null` for not at all. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether a weight and a bias are learned; default `false`. */
  readonly affine?: boolean;
  /** Whether a bias is learned beside the weight; default `true`. */
  readonly bias?: boolean;
  /** Whether running statistics are kept, and taken in evaluation; default `false`. */
  readonly trackRunningStats?: boolean;
}

/** What instance normalisations of all ranks share. */
abstract class InstanceNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Buffer | null;
  /** Of unbiased variances. */
  readonly runningVar: Buffer | null;
  /** Stays 0, as in PyTorch. */
  readonly numBatchesTracked: Buffer | null;
  /** The names of the spatial dims. */
  protected abstract get dims(): readonly string[];

  constructor(numFeatures: number, options: InstanceNormModuleOptions) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = false, bias = true, trackRunningStats = false, dtype = 'float32' } = options;
    checkInteger(new.target.name, 'numFeatures', numFeatures, 1);
    checkNonNegative(new.target.name, 'eps', eps);
    if (momentum !== null) checkFinite(new.target.name, 'momentum', momentum);
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures], { dtype })) : null;
    this.bias = affine && bias ? new Parameter(zeros([numFeatures], { dtype })) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: 'int32' })) : null;
  }

  override forward(x: Tensor): Tensor {
    const single = x.ndim === this.dims.length + 1;
    if ((!single && x.ndim !== this.dims.length + 2) || x.size(single ? 0 : 1) !== this.numFeatures) throw this.misfit(x);
    return single ? this.normalize(x.unsqueeze(0)).squeeze({ dim: 0 }) : this.normalize(x);
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, weight, bias, runningMean } = this;
    const follow = momentum === null ? 'None' : float(momentum);
    const flags = `affine=${bool(weight !== null)}, bias=${bool(bias !== null)}, track_running_stats=${bool(runningMean !== null)}`;
    return `${numFeatures}, eps=${float(eps)}, momentum=${follow}, ${flags}`;
  }

  private normalize(x: Tensor): Tensor {
    const { weight, bias, eps, runningMean, runningVar, training } = this;
    const useInputStats = training || runningMean === null;
    return instanceNorm(x, { weight, bias, eps, runningMean, runningVar, useInputStats, momentum: this.momentum ?? 0 });
  }

  private misfit(x: Tensor): ShapeError {
    const rest = [this.numFeatures, ...this.dims].join(', ');
    return new ShapeError(`${this.constructor.name}: x must be [N, ${rest}] or [${rest}]; got ${formatShape(x.shape)}`);
  }
}

/**
 * Normalises each channel of each example of `[N, C, L]` or `[C, L]` to mean 0 and variance 1, then, where asked, scales and shifts it
 * (Ulyanov et al. 2016). PyTorch: `torch.nn.InstanceNorm1d`.
 *
 * @throws ArgumentError for options out of range, or at the call where a channel has but one value; ShapeError for other shapes.
 * @example new InstanceNorm1d(64, { affine: true })(x)
 */
export class InstanceNorm1d extends InstanceNorm {
  protected override get dims(): readonly string[] {
    return ['L'];
  }

  constructor(numFeatures: number, options: InstanceNormModuleOptions = {}) {
    super(numFeatures, options);
  }
}

/**
 * The same for `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.InstanceNorm2d`.
 *
 * @throws as `InstanceNorm1d`.
 * @example new InstanceNorm2d(64)(images)
 */
export class InstanceNorm2d extends InstanceNorm {
  protected override get dims(): readonly string[] {
    return ['H', 'W'];
  }

  constructor(numFeatures: number, options: InstanceNormModuleOptions = {}) {
    super(numFeatures, options);
  }
}

/**
 * The same for `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.InstanceNorm3d`.
 *
 * @throws as `InstanceNorm1d`.
 * @example new InstanceNorm3d(16)(volumes)
 */
export class InstanceNorm3d extends InstanceNorm {
  protected override get dims(): readonly string[] {
    return ['D', 'H', 'W'];
  }

  constructor(numFeatures: number, options: InstanceNormModuleOptions = {}) {
    super(numFeatures, options);
  }
}
