import { checkOneOf } from '@dl/tensor/internal';
import type { Module } from '../module.ts';
import { ownTensor } from './fields.ts';
import { _SpectralNorm, _WeightNorm } from './norms.ts';
import { _Orthogonal, checkMatrix, type OrthogonalOptions } from './orthogonal.ts';
import { registerParametrization } from './parametrize.ts';
import { type SpectralNormOptions, spectralOptions } from './spectralNormalization.ts';
import type { WeightNormOptions } from './weightNorm.ts';
import { checkNormDim } from './weightNormalization.ts';

export type { OrthogonalMap, OrthogonalOptions } from './orthogonal.ts';
export type { SpectralNormOptions } from './spectralNormalization.ts';
export type { WeightNormOptions } from './weightNorm.ts';

/**
 * Splits a parameter into lengths and directions, `weight = g v / ‖v‖`, that are learned instead: `original0` is g, `original1` is v
 * (Salimans and Kingma 2016). PyTorch: `torch.nn.utils.parametrizations.weight_norm`.
 *
 * @throws ArgumentError if the module has no such parameter or the parameter no such dim.
 * @example parametrizations.weightNorm(new Linear(20, 40))
 */
export function weightNorm<M extends Module>(module: M, options: WeightNormOptions = {}): M {
  const { name = 'weight', dim = 0 } = options;
  checkNormDim('weightNorm', ownTensor('weightNorm', module, name), dim);
  return registerParametrization(module, name, new _WeightNorm(dim), { unsafe: true });
}

/**
 * Divides a parameter by its greatest singular value, which power iteration follows from call to call in training (Miyato et al. 2018).
 * Each time the tensor is read in training is one step. PyTorch: `torch.nn.utils.parametrizations.spectral_norm`.
 *
 * @throws ArgumentError if the module has no such parameter, or for options out of range.
 * @example parametrizations.spectralNorm(new Linear(20, 40))
 */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  const weight = ownTensor('spectralNorm', module, options.name ?? 'weight');
  const { name, ...rest } = spectralOptions('spectralNorm', module, weight, options);
  return registerParametrization(module, name, new _SpectralNorm(weight, rest), { unsafe: true });
}

/**
 * Keeps a matrix orthogonal: its columns, or where it is wide its rows, are orthonormal, whatever an optimizer does. It starts as what Gram
 * and Schmidt make of it (Lezcano-Casado 2019). The matrix exponential is exact to float32 up to norms of about 32.
 * PyTorch: `torch.nn.utils.parametrizations.orthogonal`.
 *
 * @throws ArgumentError if the module has no such parameter or for another map; ShapeError if the parameter is no matrix.
 * @example parametrizations.orthogonal(new Linear(20, 40))
 */
export function orthogonal<M extends Module>(module: M, options: OrthogonalOptions = {}): M {
  const { name = 'weight' } = options;
  const weight = ownTensor('orthogonal', module, name);
  checkMatrix(weight);
  const { orthogonalMap = weight.size(0) === weight.size(1) ? 'matrixExp' : 'householder' } = options;
  checkOneOf('orthogonal', 'orthogonalMap', orthogonalMap, ['matrixExp', 'cayley', 'householder']);
  return registerParametrization(module, name, new _Orthogonal(weight, orthogonalMap), { unsafe: true });
}
