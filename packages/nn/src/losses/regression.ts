import type { Tensor } from '@dl/tensor';
import { checkNonNegative, checkPositive } from '../functional/checks.ts';
import type { ReductionOptions } from '../functional/reduction.ts';
import { type HuberLossOptions, huberLoss, l1Loss, mseLoss, type SmoothL1LossOptions, smoothL1Loss } from '../functional/regression.ts';
import { Loss } from './loss.ts';

/**
 * `(input - target)²`. PyTorch: `torch.nn.MSELoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new MSELoss()(prediction, target)
 */
export class MSELoss extends Loss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/**
 * `|input - target|`. PyTorch: `torch.nn.L1Loss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new L1Loss()(prediction, target)
 */
export class L1Loss extends Loss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}

/**
 * With `d = |input - target|`: `d² / (2 beta)` below beta, `d - beta / 2` from there (Girshick 2015). PyTorch: `torch.nn.SmoothL1Loss`.
 *
 * @throws ArgumentError if beta is negative; at the call ShapeError naming both shapes if they differ.
 * @example new SmoothL1Loss({ beta: 0.5 })(prediction, target)
 */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: SmoothL1LossOptions = {}) {
    super(options);
    this.beta = options.beta ?? 1;
    checkNonNegative('SmoothL1Loss', 'beta', this.beta);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { beta: this.beta, reduction: this.reduction });
  }
}

/**
 * With `d = |input - target|`: `d² / 2` up to delta, `delta (d - delta / 2)` from there (Huber 1964). PyTorch: `torch.nn.HuberLoss`.
 *
 * @throws ArgumentError unless delta is above 0; at the call ShapeError naming both shapes if they differ.
 * @example new HuberLoss({ delta: 0.5 })(prediction, target)
 */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: HuberLossOptions = {}) {
    super(options);
    this.delta = options.delta ?? 1;
    checkPositive('HuberLoss', 'delta', this.delta);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { delta: this.delta, reduction: this.reduction });
  }
}
