import type { Tensor } from '@dl/tensor';
import { checkPositive } from '../functional/checks.ts';
import { type DistanceFunction, type TripletMarginWithDistanceLossOptions, tripletMarginWithDistanceLoss } from '../functional/margins.ts';
import { multilabelMarginLoss } from '../functional/multilabelMargin.ts';
import type { ReductionOptions } from '../functional/reduction.ts';
import { PairwiseDistance } from './distance.ts';
import { Loss } from './loss.ts';

/**
 * `Σⱼ Σᵢ max(0, 1 - (input[target[j]] - input[i])) / C` over the labels j of an example and the classes i that are none of them; input
 * `[N, C]` or `[C]`, target the same shape of class indices, of which those before the first -1 count.
 * PyTorch: `torch.nn.MultiLabelMarginLoss`.
 *
 * @throws ShapeError, DTypeError, at the call, naming input and target if they do not fit; IndexError, when it is computed, for a label
 *   that is no class.
 * @example new MultiLabelMarginLoss()(scores, tensor([[3, 0, -1, -1]], { dtype: 'int32' }))
 */
export class MultiLabelMarginLoss extends Loss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with a distance of one's own, which may be a module; margin 1 by default.
 * PyTorch: `torch.nn.TripletMarginWithDistanceLoss`.
 *
 * @throws ArgumentError unless margin is above 0; at the call ShapeError naming both shapes if they differ.
 * @example new TripletMarginWithDistanceLoss({ distanceFunction: new PairwiseDistance({ p: 1 }) })(anchor, positive, negative)
 */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distanceFunction: DistanceFunction;
  readonly margin: number;
  readonly swap: boolean;

  constructor(options: TripletMarginWithDistanceLossOptions = {}) {
    super(options);
    this.distanceFunction = options.distanceFunction ?? new PairwiseDistance();
    this.margin = options.margin ?? 1;
    this.swap = options.swap ?? false;
    checkPositive('TripletMarginWithDistanceLoss', 'margin', this.margin);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}
