import { ones, zeros } from '@dl/tensor';
import { checkFinite, checkInteger } from '@dl/tensor/internal';
import { checkNonNegative } from '../functional/checks.ts';
import { Module } from '../module.ts';
import { Buffer, Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** All settings of a normalisation that may keep running statistics. */
interface RunningNormSettings extends FloatingOptions {
  readonly eps?: number;
  readonly momentum?: number | null;
  readonly affine: boolean;
  readonly bias?: boolean;
  readonly trackRunningStats: boolean;
}

/** What batch and instance normalisations share: a weight and a bias for each channel, and running statistics. */
export abstract class RunningNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Buffer | null;
  /** Of unbiased variances. */
  readonly runningVar: Buffer | null;
  /** Instance normalisation leaves it at 0, as in PyTorch. */
  readonly numBatchesTracked: Buffer | null;

  constructor(numFeatures: number, settings: RunningNormSettings) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine, bias = true, trackRunningStats, dtype = 'float32' } = settings;
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

  override extraRepr(): string {
    const { numFeatures, eps, momentum, weight, bias, runningMean } = this;
    const follow = momentum === null ? 'None' : float(momentum);
    const flags = `affine=${bool(weight !== null)}, bias=${bool(bias !== null)}, track_running_stats=${bool(runningMean !== null)}`;
    return `${numFeatures}, eps=${float(eps)}, momentum=${follow}, ${flags}`;
  }
}
