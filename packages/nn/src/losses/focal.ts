import type { Tensor } from '@dl/tensor';
import { checkFocus, type FocalLossOptions, sigmoidFocalLoss } from '../functional/focal.ts';
import { Loss } from './loss.ts';

/**
 * `-αₜ (1 - pₜ)^gamma log pₜ` with the probability pₜ that logits give to the targets, in [0, 1]: examples that are right already hardly
 * count (Lin et al. 2017). The mean by default, as of all losses here. torchvision: `ops.sigmoid_focal_loss`, as a module.
 *
 * @throws ArgumentError if alpha is above 1 or gamma negative; at the call ShapeError naming both shapes if they differ.
 * @example new FocalLoss({ gamma: 3 })(logits, targets)
 */
export class FocalLoss extends Loss {
  readonly alpha: number;
  readonly gamma: number;

  constructor(options: FocalLossOptions = {}) {
    super(options);
    this.alpha = options.alpha ?? 0.25;
    this.gamma = options.gamma ?? 2;
    checkFocus('FocalLoss', this.alpha, this.gamma);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { alpha, gamma, reduction } = this;
    return sigmoidFocalLoss(input, target, { alpha, gamma, reduction });
  }
}
