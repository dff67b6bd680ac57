import type { Tensor } from '@dl/tensor';
import { checkFinite, checkNumber } from '@dl/tensor/internal';
import { checkPower } from '../functional/checks.ts';
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multiMarginLoss,
  type TripletMarginLossOptions,
  tripletMarginLoss,
} from '../functional/margins.ts';
import type { Buffer } from '../parameter.ts';
import { kept, Loss } from './loss.ts';

/** What losses with a margin share. */
abstract class MarginLoss extends Loss {
  /** From which distance on there is no loss. */
  readonly margin: number;

  constructor(options: MarginOptions, margin: number) {
    super(options);
    this.margin = options.margin ?? margin;
    checkFinite(new.target.name, 'margin', this.margin);
  }
}

/**
 * `1 - cos(input1, input2)` for targets of 1, `max(0, cos - margin)` for -1; inputs `[N, D]` or `[D]`, targets `[N]` or `[]`; margin 0 by default.
 * PyTorch: `torch.nn.CosineEmbeddingLoss`.
 *
 * @throws ShapeError, at the call, if the shapes do not fit.
 * @example new CosineEmbeddingLoss({ margin: 0.5 })(a, b, signs)
 */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(options: MarginOptions = {}) {
    super(options, 0);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * `input` for targets of 1, `max(0, margin - input)` for -1; margin 1 by default. PyTorch: `torch.nn.HingeEmbeddingLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new HingeEmbeddingLoss()(distances, signs)
 */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(options: MarginOptions = {}) {
    super(options, 1);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * `max(0, margin - target (input1 - input2))`: target 1 where input1 should rank higher; margin 0 by default.
 * PyTorch: `torch.nn.MarginRankingLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new MarginRankingLoss({ margin: 0.1 })(better, worse, ones([8]))
 */
export class MarginRankingLoss extends MarginLoss {
  constructor(options: MarginOptions = {}) {
    super(options, 0);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)` of the last dim's vectors; margin 1 by default.
 * PyTorch: `torch.nn.TripletMarginLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new TripletMarginLoss({ margin: 0.5, swap: true })(anchor, positive, negative)
 */
export class TripletMarginLoss extends MarginLoss {
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  constructor(options: TripletMarginLossOptions = {}) {
    super(options, 1);
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
    checkNumber('TripletMarginLoss', 'p', this.p);
    checkFinite('TripletMarginLoss', 'eps', this.eps);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/**
 * `Σ max(0, margin - input[target] + input[i])ᵖ / C` over the other classes i; input `[N, C]` or `[C]`, target class indices; margin 1 by default.
 * PyTorch: `torch.nn.MultiMarginLoss`.
 *
 * @throws ArgumentError if p is neither 1 nor 2; at the call ShapeError, DTypeError naming input and target if they do not fit; IndexError,
 *   when it is computed, for a label that is no class.
 * @example new MultiMarginLoss()(scores, labels)
 */
export class MultiMarginLoss extends MarginLoss {
  readonly p: 1 | 2;
  readonly weight: Buffer | null;

  constructor(options: MultiMarginLossOptions = {}) {
    super(options, 1);
    this.p = options.p ?? 1;
    this.weight = kept(options.weight);
    checkPower('MultiMarginLoss', this.p);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { margin, p, weight, reduction } = this;
    return multiMarginLoss(input, target, { margin, p, weight, reduction });
  }
}
