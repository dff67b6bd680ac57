import { arange, minimum, type Tensor, where } from '@dl/tensor';
import { apply, checkFinite } from '@dl/tensor/internal';
import { checkInputs, checkPositive, checkPower, checkSameShape, checkSize, numericTarget } from './checks.ts';
import { pairwiseDistance } from './distance.ts';
import { checkClassWeight, labelled, labelWeights } from './labels.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/** What losses with a margin take. */
export interface MarginOptions extends ReductionOptions {
  /** From which distance on there is no loss. */
  readonly margin?: number;
}

/** What `tripletMarginLoss` takes. */
export interface TripletMarginLossOptions extends MarginOptions {
  /** The exponent of the norm; default 2. */
  readonly p?: number;
  /** Added to each difference; default 1e-6. */
  readonly eps?: number;
  /** Take the negative's distance to the positive where it is less than that to the anchor (Balntas et al. 2016); default `false`. */
  readonly swap?: boolean;
}

/** A distance of two tensors: one number a vector of the last dim. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

/** What `tripletMarginWithDistanceLoss` takes. */
export interface TripletMarginWithDistanceLossOptions extends MarginOptions {
  /** Default `pairwiseDistance`. */
  readonly distanceFunction?: DistanceFunction | null;
  /** Take the negative's distance to the positive where it is less than that to the anchor; default `false`. */
  readonly swap?: boolean;
}

/** What `multiMarginLoss` takes. */
export interface MultiMarginLossOptions extends MarginOptions {
  /** The exponent, 1 or 2; default 1. */
  readonly p?: 1 | 2;
  /** A factor for each class; default ones. */
  readonly weight?: Tensor | null;
}

/**
 * `1 - cos(input1, input2)` for targets of 1, `max(0, cos - margin)` for -1; inputs `[N, D]` or `[D]`, targets `[N]` or `[]`; margin 0 by default.
 * PyTorch: `torch.nn.functional.cosine_embedding_loss`.
 *
 * @throws ShapeError if the shapes do not fit.
 * @example cosineEmbeddingLoss(a, b, signs, { margin: 0.5 })
 */
export function cosineEmbeddingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 0 } = options;
  checkInputs('cosineEmbeddingLoss', { input1, input2 });
  checkSameShape('cosineEmbeddingLoss', 'input1', input1, 'input2', input2);
  checkSize('cosineEmbeddingLoss', 'target', target, input1.shape.slice(0, -1));
  checkFinite('cosineEmbeddingLoss', 'margin', margin);
  const dot = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum({ dim: -1 });
  const lengths = dot(input1, input1).add(cosineEps).mul(dot(input2, input2).add(cosineEps)).sqrt();
  const cosine = dot(input1, input2).div(lengths);
  const alike = where(target.eq(1), cosine.neg().add(1), 0);
  const unlike = where(target.eq(-1), cosine.sub(margin).clamp({ min: 0 }), 0);
  return reduced('cosineEmbeddingLoss', alike.add(unlike), options);
}

/** Keeps a vector of zeros from dividing by zero. */
const cosineEps = 1e-12;

/**
 * `input` for targets of 1, `max(0, margin - input)` for -1; margin 1 by default. PyTorch: `torch.nn.functional.hinge_embedding_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example hingeEmbeddingLoss(distances, signs)
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 1 } = options;
  const wanted = numericTarget('hingeEmbeddingLoss', input, target);
  checkFinite('hingeEmbeddingLoss', 'margin', margin);
  const unlike = where(wanted.ne(1), input.neg().add(margin).clamp({ min: 0 }), 0);
  return reduced('hingeEmbeddingLoss', unlike.add(where(wanted.ne(-1), input, 0)), options);
}

/**
 * `max(0, margin - target (input1 - input2))`: target 1 where input1 should rank higher; margin 0 by default.
 * PyTorch: `torch.nn.functional.margin_ranking_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example marginRankingLoss(better, worse, ones([8]))
 */
export function marginRankingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 0 } = options;
  checkInputs('marginRankingLoss', { input1, input2 });
  checkSameShape('marginRankingLoss', 'input1', input1, 'input2', input2);
  const wanted = numericTarget('marginRankingLoss', input1, target);
  checkFinite('marginRankingLoss', 'margin', margin);
  return reduced('marginRankingLoss', wanted.neg().mul(input1.sub(input2)).add(margin).clamp({ min: 0 }), options);
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)` of the last dim's vectors; margin 1 by default.
 * PyTorch: `torch.nn.functional.triplet_margin_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example tripletMarginLoss(anchor, positive, negative)
 */
export function tripletMarginLoss(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginLossOptions = {}): Tensor {
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = options;
  checkInputs('tripletMarginLoss', { anchor, positive, negative });
  checkSameShape('tripletMarginLoss', 'anchor', anchor, 'positive', positive);
  checkSameShape('tripletMarginLoss', 'anchor', anchor, 'negative', negative);
  checkFinite('tripletMarginLoss', 'margin', margin);
  const near = pairwiseDistance(anchor, positive, { p, eps });
  const far = pairwiseDistance(anchor, negative, { p, eps });
  const least = swap ? minimum(far, pairwiseDistance(positive, negative, { p, eps })) : far;
  return reduced('tripletMarginLoss', near.sub(least).add(margin).clamp({ min: 0 }), options);
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with a distance of one's own; margin 1 by default.
 * PyTorch: `torch.nn.functional.triplet_margin_with_distance_loss`.
 *
 * @throws ShapeError naming both shapes if they differ; ArgumentError unless margin is above 0.
 * @example tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction: (a, b) => cosineSimilarity(a, b).neg().add(1) })
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor {
  const { margin = 1, swap = false } = options;
  const distance: DistanceFunction = options.distanceFunction ?? pairwiseDistance;
  checkInputs('tripletMarginWithDistanceLoss', { anchor, positive, negative });
  checkSameShape('tripletMarginWithDistanceLoss', 'anchor', anchor, 'positive', positive);
  checkSameShape('tripletMarginWithDistanceLoss', 'anchor', anchor, 'negative', negative);
  checkPositive('tripletMarginWithDistanceLoss', 'margin', margin);
  const far = distance(anchor, negative);
  const least = swap ? minimum(far, distance(positive, negative)) : far;
  return reduced('tripletMarginWithDistanceLoss', distance(anchor, positive).sub(least).add(margin).clamp({ min: 0 }), options);
}

/**
 * `Σ max(0, margin - input[target] + input[i])ᵖ / C` over the other classes i; input `[N, C]` or `[C]`, target class indices; margin 1 by default.
 * PyTorch: `torch.nn.functional.multi_margin_loss`.
 *
 * @throws ShapeError, DTypeError naming input and target if they do not fit; IndexError, when it is computed, for a label that is no class.
 * @example multiMarginLoss(scores, labels)
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const { margin = 1, p = 1, weight = null } = options;
  checkFinite('multiMarginLoss', 'margin', margin);
  checkPower('multiMarginLoss', p);
  const rows = labelled('multiMarginLoss', input, target, noLabel);
  checkClassWeight('multiMarginLoss', weight, input);
  const { scores, labels } = rows;
  const classes = scores.size(1);
  const own = apply('gather', [scores, labels.unsqueeze(1)], { dim: 1 }, []);
  const gaps = scores.sub(own).add(margin).clamp({ min: 0 });
  const costs = where(arange(classes, { dtype: 'int32' }).eq(labels.unsqueeze(1)), 0, p === 1 ? gaps : gaps.square());
  const weighted = weight === null ? costs : costs.mul(labelWeights(rows, weight, noLabel).unsqueeze(1));
  return reduced('multiMarginLoss', weighted.sum({ dim: 1 }).div(classes).reshape(target.shape), options);
}

/** No label is ignored. */
const noLabel = -(2 ** 31);
