import { ShapeError, type Tensor } from '@dl/tensor';
import { formatShape } from '@dl/tensor/internal';
import { batchNorm } from '../functional/batchNorm.ts';
import type { FloatingOptions } from './options.ts';
import { RunningNorm } from './runningNorm.ts';

/** What `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` take. */
export interface BatchNormModuleOptions extends FloatingOptions {
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** How far the running statistics follow each batch; `null` for the mean over all batches so far. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether a weight and a bias are learned; default `true`. */
  readonly affine?: boolean;
  /** Whether a bias is learned beside the weight; default `true`. */
  readonly bias?: boolean;
  /** Whether running statistics are kept for evaluation; else the batch's are taken there too. Default `true`. */
  readonly trackRunningStats?: boolean;
}

/** What batch normalisations of all ranks share. */
abstract class BatchNorm extends RunningNorm {
  constructor(numFeatures: number, options: BatchNormModuleOptions) {
    super(numFeatures, { affine: true, trackRunningStats: true, ...options });
  }

  override forward(x: Tensor): Tensor {
    this.checkRank(x);
    if (x.size(1) !== this.numFeatures) {
      throw new ShapeError(`${this.constructor.name}: dim 1 must be numFeatures, ${this.numFeatures}; got x ${formatShape(x.shape)}`);
    }
    const { weight, bias, eps, runningMean, runningVar, training } = this;
    if (!training) return batchNorm(x, runningMean, runningVar, { weight, bias, eps, training: runningMean === null });
    return batchNorm(x, runningMean, runningVar, { weight, bias, eps, training, momentum: this.countBatch(x) });
  }

  /** Refuses inputs of another rank. */
  protected abstract checkRank(x: Tensor): void;

  /** Counts this batch; returns how far the running statistics follow it. */
  private countBatch({ dtype }: Tensor): number | Tensor {
    const count = this.numBatchesTracked?.assign(this.numBatchesTracked.add(1));
    return this.momentum ?? count?.to(dtype).reciprocal() ?? 0;
  }
}

/**
 * Normalises each feature of `[N, C]` or `[N, C, L]` over the batch to mean 0 and variance 1, then scales and shifts it; in evaluation
 * with the running statistics (Ioffe and Szegedy 2015). PyTorch: `torch.nn.BatchNorm1d`.
 *
 * @throws ArgumentError for options out of range, or at the call in training with one value a channel; ShapeError for other shapes.
 * @example new BatchNorm1d(128)(h)
 */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
    super(numFeatures, options);
  }

  protected override checkRank(x: Tensor): void {
    if (x.ndim !== 2 && x.ndim !== 3) throw new ShapeError(`BatchNorm1d: x must be [N, C] or [N, C, L]; got ${formatShape(x.shape)}`);
  }
}

/**
 * The same for `[N, C, H, W]`. PyTorch: `torch.nn.BatchNorm2d`.
 *
 * @throws as `BatchNorm1d`.
 * @example new BatchNorm2d(64)(features)
 */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
    super(numFeatures, options);
  }

  protected override checkRank(x: Tensor): void {
    if (x.ndim !== 4) throw new ShapeError(`BatchNorm2d: x must be [N, C, H, W]; got ${formatShape(x.shape)}`);
  }
}

/**
 * The same for `[N, C, D, H, W]`. PyTorch: `torch.nn.BatchNorm3d`.
 *
 * @throws as `BatchNorm1d`.
 * @example new BatchNorm3d(16)(volumes)
 */
export class BatchNorm3d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
    super(numFeatures, options);
  }

  protected override checkRank(x: Tensor): void {
    if (x.ndim !== 5) throw new ShapeError(`BatchNorm3d: x must be [N, C, D, H, W]; got ${formatShape(x.shape)}`);
  }
}
