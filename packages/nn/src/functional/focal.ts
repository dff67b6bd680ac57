import { ArgumentError, sigmoid, type Tensor } from '@dl/tensor';
import { checkFinite } from '@dl/tensor/internal';
import { binaryCrossEntropyWithLogits } from './binary.ts';
import { checkNonNegative, numericTarget } from './checks.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/** What `sigmoidFocalLoss` and `FocalLoss` take. */
export interface FocalLossOptions extends ReductionOptions {
  /** The weight of targets of 1, in [0, 1], beside `1 - alpha` of those of 0; negative for no weights. Default 0.25. */
  readonly alpha?: number;
  /** How little well-classified examples count: the exponent of `1 - pₜ`. Default 2. */
  readonly gamma?: number;
}

/**
 * `-αₜ (1 - pₜ)^gamma log pₜ` with the probability pₜ that logits give to the targets, in [0, 1]: examples that are right already hardly
 * count (Lin et al. 2017). As in torchvision, the reduction is `'none'` unless told. torchvision: `ops.sigmoid_focal_loss`.
 *
 * @throws ShapeError naming both shapes if they differ; ArgumentError if alpha is above 1 or gamma negative.
 * @example sigmoidFocalLoss(logits, targets, { reduction: 'mean' })
 */
export function sigmoidFocalLoss(input: Tensor, target: Tensor, options: FocalLossOptions = {}): Tensor {
  const { alpha = 0.25, gamma = 2, reduction = 'none' } = options;
  checkFocus('sigmoidFocalLoss', alpha, gamma);
  const wanted = numericTarget('sigmoidFocalLoss', input, target);
  const p = sigmoid(input);
  const other = wanted.neg().add(1);
  const missed = p.neg().add(1).mul(wanted).add(p.mul(other));
  const losses = binaryCrossEntropyWithLogits(input, wanted, { reduction: 'none' }).mul(missed.pow(gamma));
  const weighted = alpha < 0 ? losses : losses.mul(wanted.mul(alpha).add(other.mul(1 - alpha)));
  return reduced('sigmoidFocalLoss', weighted, { reduction });
}

/** Refuses a weight above 1, and an exponent that would favour what is right already. */
export function checkFocus(caller: string, alpha: number, gamma: number): void {
  checkFinite(caller, 'alpha', alpha);
  if (alpha > 1) throw new ArgumentError(`${caller}: alpha must be at most 1; got ${alpha}`);
  checkNonNegative(caller, 'gamma', gamma);
}
