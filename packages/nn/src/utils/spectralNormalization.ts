import { noGrad } from '@dl/autograd';
import { ArgumentError, randn, type Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { checkPositive } from '../functional/checks.ts';
import { normalize } from '../functional/distance.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../layers/transposedConvolution.ts';
import type { Module } from '../module.ts';

/** What both kinds of `spectralNorm` take. */
export interface SpectralNormOptions {
  /** Which tensor; default `'weight'`. */
  readonly name?: string;
  /** Steps of the power iteration at each call in training; default 1. */
  readonly nPowerIterations?: number;
  /** The least length by which is divided; default 1e-12. */
  readonly eps?: number;
  /** The dim that becomes the rows of the matrix; default 0, and 1 for transposed convolutions. */
  readonly dim?: number;
}

/** Two vectors that power iteration brings to the first singular vectors. */
export interface SingularPair {
  readonly u: Tensor;
  readonly v: Tensor;
}

/** Options with defaults, checked. */
export function spectralOptions(
  caller: string,
  module: Module,
  weight: Tensor,
  options: SpectralNormOptions,
): Required<SpectralNormOptions> {
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some((Class) => module instanceof Class);
  const { name = 'weight', nPowerIterations = 1, eps = 1e-12, dim = transposed ? 1 : 0 } = options;
  if (weight.ndim === 0) throw new ArgumentError(`${caller}: the tensor must have at least 1 dim; got a scalar`);
  checkInteger(caller, 'nPowerIterations', nPowerIterations, 1);
  checkPositive(caller, 'eps', eps);
  checkInteger(caller, 'dim', dim, -weight.ndim, weight.ndim - 1);
  return { name, nPowerIterations, eps, dim: dim < 0 ? dim + weight.ndim : dim };
}

/** The tensor as a matrix whose rows are those of a dim. */
export function matrixOf(weight: Tensor, dim: number): Tensor {
  const order = [dim, ...weight.shape.map((_, i) => i).filter((i) => i !== dim)];
  return weight.permute(order).reshape([weight.size(dim), -1]);
}

/** Random directions. */
export function randomPair(matrix: Tensor, eps: number): SingularPair {
  const direction = (size: number): Tensor => normalize(randn([size], { dtype: matrix.dtype }), { dim: 0, eps });
  return { u: direction(matrix.size(0)), v: direction(matrix.size(1)) };
}

/** Some steps of the power iteration. */
export function iterated(matrix: Tensor, pair: SingularPair, steps: number, eps: number): SingularPair {
  return noGrad(() => {
    let { u, v } = pair;
    for (let i = 0; i < steps; i++) {
      u = normalize(matrix.mv(v), { dim: 0, eps });
      v = normalize(matrix.t().mv(u), { dim: 0, eps });
    }
    return { u, v };
  });
}

/** The greatest singular value, as far as the pair knows it. */
export function spectralRadius(matrix: Tensor, { u, v }: SingularPair): Tensor {
  return u.detach().dot(matrix.mv(v.detach()));
}
