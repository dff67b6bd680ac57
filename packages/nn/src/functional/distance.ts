import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { checkFinite, checkNumber, formatShape } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';
import { pick } from './interpolateTaps.ts';

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

/** What `pdist` takes. */
export interface PdistOptions {
  /** The exponent of the norm, from 0 up; 0 counts differences that are not 0. Default 2. */
  readonly p?: number;
}

/**
 * `‖xᵢ - xⱼ‖ₚ` of all pairs of rows i < j: x `[N, M]` gives `[N (N - 1) / 2]`, those of the first row first.
 * PyTorch: `torch.nn.functional.pdist`.
 *
 * @throws ShapeError unless x is a matrix; ArgumentError if p is negative.
 * @example pdist(tensor([[0, 0], [3, 4], [0, 1]])) // [5, 1, 4.2426]
 */
export function pdist(x: Tensor, options: PdistOptions = {}): Tensor {
  const { p = 2 } = options;
  checkInputs('pdist', { x });
  checkNumber('pdist', 'p', p);
  if (p < 0) throw new ArgumentError(`pdist: p must be from 0 up; got ${p}`);
  if (x.ndim !== 2) throw new ShapeError(`pdist: x must be [N, M]; got ${formatShape(x.shape)}`);
  const [firsts, seconds] = pairsOf(x.size(0));
  return pick(x, 0, firsts)
    .sub(pick(x, 0, seconds))
    .norm({ p, dim: 1 });
}

/** The pairs i < j of so many rows. */
function pairsOf(rows: number): readonly [firsts: Int32Array<ArrayBuffer>, seconds: Int32Array<ArrayBuffer>] {
  const count = (rows * Math.max(rows - 1, 0)) / 2;
  const [firsts, seconds] = [new Int32Array(count), new Int32Array(count)];
  for (let i = 0, pair = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++, pair++) {
      firsts[pair] = i;
      seconds[pair] = j;
    }
  }
  return [firsts, seconds];
}
