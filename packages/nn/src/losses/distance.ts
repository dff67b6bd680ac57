import type { Tensor } from '@dl/tensor';
import { checkFinite, checkInteger, checkNumber } from '@dl/tensor/internal';
import { type CosineSimilarityOptions, cosineSimilarity, type PairwiseDistanceOptions, pairwiseDistance } from '../functional/distance.ts';
import { Module } from '../module.ts';

/**
 * `x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps))` along a dim; shapes broadcast. PyTorch: `torch.nn.CosineSimilarity`.
 *
 * @throws ArgumentError for options out of range; at the call ShapeError if the shapes do not broadcast.
 * @example new CosineSimilarity({ dim: -1 })(a, b)
 */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    this.dim = options.dim ?? 1;
    this.eps = options.eps ?? 1e-8;
    checkInteger('CosineSimilarity', 'dim', this.dim);
    checkFinite('CosineSimilarity', 'eps', this.eps);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }
}

/**
 * `‖x1 - x2 + eps‖ₚ` of the last dim's vectors; shapes broadcast. PyTorch: `torch.nn.PairwiseDistance`.
 *
 * @throws ArgumentError for options out of range; at the call ShapeError if the shapes do not broadcast.
 * @example new PairwiseDistance({ p: 1 })(a, b)
 */
export class PairwiseDistance extends Module {
  readonly p: number;
  readonly eps: number;
  readonly keepDim: boolean;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.keepDim = options.keepDim ?? false;
    checkNumber('PairwiseDistance', 'p', this.p);
    checkFinite('PairwiseDistance', 'eps', this.eps);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    const { p, eps, keepDim } = this;
    return pairwiseDistance(x1, x2, { p, eps, keepDim });
  }
}
