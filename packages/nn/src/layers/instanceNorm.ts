import { ShapeError, type Tensor } from '@dl/tensor';
import { formatShape } from '@dl/tensor/internal';
import { instanceNorm } from '../functional/instanceNorm.ts';
import type { FloatingOptions } from './options.ts';
import { RunningNorm } from './runningNorm.ts';

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
abstract class InstanceNorm extends RunningNorm {
  /** The names of the spatial dims. */
  protected abstract get dims(): readonly string[];

  constructor(numFeatures: number, options: InstanceNormModuleOptions) {
    super(numFeatures, { affine: false, trackRunningStats: false, ...options });
  }

  override forward(x: Tensor): Tensor {
    const single = x.ndim === this.dims.length + 1;
    if ((!single && x.ndim !== this.dims.length + 2) || x.size(single ? 0 : 1) !== this.numFeatures) throw this.misfit(x);
    return single ? this.normalize(x.unsqueeze(0)).squeeze({ dim: 0 }) : this.normalize(x);
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
