import type { Tensor } from '@dl/tensor';
import { checkFinite, checkNumber } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';

/** What `pairwiseDistance` takes. */
export interface PairwiseDistanceOptions {
  /** The exponent of the norm; default 2. */
  readonly p?: number;
  /** Added to each difference; default 1e-6. */
  readonly eps?: number;
  /** Whether the last dim stays, with size 1; default `false`. */
  readonly keepDim?: boolean;
}

/** What `cosineSimilarity` takes. */
export interface CosineSimilarityOptions {
  /** The dim of the vectors; default 1. */
  readonly dim?: number;
  /** The least value of each vector's norm; default 1e-8. */
  readonly eps?: number;
}

/** What `normalize` takes. */
export interface NormalizeOptions {
  /** The exponent of the norm; default 2. */
  readonly p?: number;
  /** The dim of the vectors; default 1. */
  readonly dim?: number;
  /** The least value of the divisor; default 1e-12. */
  readonly eps?: number;
}

/**
 * `‖x1 - x2 + eps‖ₚ` of the last dim's vectors; shapes broadcast. PyTorch: `torch.nn.functional.pairwise_distance`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example pairwiseDistance(anchors, positives)
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6, keepDim = false } = options;
  checkInputs('pairwiseDistance', { x1, x2 });
  checkNumber('pairwiseDistance', 'p', p);
  checkFinite('pairwiseDistance', 'eps', eps);
  return x1.sub(x2).add(eps).norm({ p, dim: -1, keepDim });
}

/**
 * `x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps))` along a dim; shapes broadcast. PyTorch: `torch.nn.functional.cosine_similarity`.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example cosineSimilarity(a, b)
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { dim = 1, eps = 1e-8 } = options;
  checkInputs('cosineSimilarity', { x1, x2 });
  checkFinite('cosineSimilarity', 'eps', eps);
  return normalize(x1, { dim, eps }).mul(normalize(x2, { dim, eps })).sum({ dim });
}

/**
 * `x / max(‖x‖ₚ, eps)` along a dim. PyTorch: `torch.nn.functional.normalize`.
 *
 * @throws ArgumentError if there is no such dim.
 * @example normalize(embeddings)
 */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  checkInputs('normalize', { x });
  checkNumber('normalize', 'p', p);
  checkFinite('normalize', 'eps', eps);
  return x.div(x.norm({ p, dim, keepDim: true }).clamp({ min: eps }));
}
