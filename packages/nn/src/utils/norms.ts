import type { Tensor } from '@dl/tensor';
import { normalize } from '../functional/distance.ts';
import { Module } from '../module.ts';
import { Buffer } from '../parameter.ts';
import { iterated, matrixOf, randomPair, type SpectralNormOptions, spectralRadius } from './spectralNormalization.ts';
import { lengthsAlong, type NormDim, weightNormalized } from './weightNormalization.ts';

// Named as in PyTorch, where they are printed.

/** `g v / ‖v‖`. */
export class _WeightNorm extends Module {
  readonly dim: NormDim;

  constructor(dim: NormDim) {
    super();
    this.dim = dim;
  }

  override forward(g: Tensor, v: Tensor): Tensor {
    return weightNormalized(g, v, this.dim);
  }

  rightInverse(weight: Tensor): readonly Tensor[] {
    return [lengthsAlong(weight, this.dim), weight.detach()];
  }
}

/** A tensor divided by its greatest singular value. */
export class _SpectralNorm extends Module {
  readonly dim: number;
  readonly nPowerIterations: number;
  readonly eps: number;
  /** `null` for a vector, whose length needs no iteration. */
  readonly _u: Buffer | null;
  readonly _v: Buffer | null;

  constructor(weight: Tensor, { dim, nPowerIterations, eps }: Required<Omit<SpectralNormOptions, 'name'>>) {
    super();
    this.dim = dim;
    this.nPowerIterations = nPowerIterations;
    this.eps = eps;
    const matrix = matrixOf(weight, dim).detach();
    // As PyTorch: so many steps that the first call finds the value nearly there.
    const start = weight.ndim === 1 ? null : iterated(matrix, randomPair(matrix, eps), 15, eps);
    this._u = start && new Buffer(start.u);
    this._v = start && new Buffer(start.v);
  }

  override forward(weight: Tensor): Tensor {
    const { _u: u, _v: v, eps } = this;
    if (u === null || v === null) return normalize(weight, { dim: 0, eps });
    const matrix = matrixOf(weight, this.dim);
    if (!this.training) return weight.div(spectralRadius(matrix, { u, v }));
    const pair = iterated(matrix.detach(), { u, v }, this.nPowerIterations, eps);
    u.assign(pair.u);
    v.assign(pair.v);
    return weight.div(spectralRadius(matrix, pair));
  }
}
