import type { Tensor } from '@dl/tensor';
import { checkPositive } from '../functional/checks.ts';
import {
  checkKLReduction,
  type GaussianNLLLossOptions,
  gaussianNllLoss,
  type KLDivOptions,
  klDiv,
  type PoissonNLLLossOptions,
  poissonNllLoss,
} from '../functional/likelihood.ts';
import { Loss } from './loss.ts';

/**
 * `target (log target - input)`, of a target of probabilities and an input of log-probabilities. PyTorch: `torch.nn.KLDivLoss`.
 *
 * @throws ArgumentError for another reduction; at the call ShapeError naming both shapes if they differ.
 * @example new KLDivLoss({ reduction: 'batchmean' })(logProbabilities, target)
 */
export class KLDivLoss extends Loss<'batchmean'> {
  readonly logTarget: boolean;

  constructor(options: KLDivOptions = {}) {
    super(options, checkKLReduction);
    this.logTarget = options.logTarget ?? false;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, { logTarget: this.logTarget, reduction: this.reduction });
  }
}

/**
 * `e^input - target · input`, or `input - target log(input + eps)`: a target of counts, an input of rates. PyTorch: `torch.nn.PoissonNLLLoss`.
 *
 * @throws ArgumentError unless eps is above 0; at the call ShapeError naming both shapes if they differ.
 * @example new PoissonNLLLoss()(logRates, counts)
 */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(options: PoissonNLLLossOptions = {}) {
    super(options);
    this.logInput = options.logInput ?? true;
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-8;
    checkPositive('PoissonNLLLoss', 'eps', this.eps);
  }

  override forward(logInput: Tensor, target: Tensor): Tensor {
    const { full, eps, reduction } = this;
    return poissonNllLoss(logInput, target, { logInput: this.logInput, full, eps, reduction });
  }
}

/**
 * `(log v + (input - target)² / v) / 2` with the variance v, of the input's shape, or with a last dim that is missing or 1.
 * PyTorch: `torch.nn.GaussianNLLLoss`.
 *
 * @throws ArgumentError unless eps is above 0; at the call ShapeError naming the shapes if they do not fit.
 * @example new GaussianNLLLoss()(mean, target, variance)
 */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  readonly eps: number;

  constructor(options: GaussianNLLLossOptions = {}) {
    super(options);
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-6;
    checkPositive('GaussianNLLLoss', 'eps', this.eps);
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    const { full, eps, reduction } = this;
    return gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}
