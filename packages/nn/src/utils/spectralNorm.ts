import { noGrad } from '@dl/autograd';
import type { Tensor } from '@dl/tensor';
import { assign } from '@dl/tensor/internal';
import type { Module } from '../module.ts';
import { Buffer, Parameter } from '../parameter.ts';
import { addField, computeField, ownTensor, restoreField, tensorField } from './fields.ts';
import { iterated, matrixOf, randomPair, type SpectralNormOptions, spectralOptions, spectralRadius } from './spectralNormalization.ts';

/**
 * Divides a parameter by its greatest singular value, which power iteration follows from call to call in training (Miyato et al. 2018). The
 * state dict has `weight_orig`, which is learned, `weight_u` and `weight_v`. `parametrizations.spectralNorm` is its successor.
 * PyTorch: `torch.nn.utils.spectral_norm`.
 *
 * @throws ArgumentError if the module has no such parameter, or for options out of range.
 * @example utils.spectralNorm(new Linear(20, 40))
 */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  const weight = ownTensor('spectralNorm', module, options.name ?? 'weight');
  const { name, nPowerIterations, eps, dim } = spectralOptions('spectralNorm', module, weight, options);
  const start = randomPair(matrixOf(weight, dim).detach(), eps);
  const [u, v] = [new Buffer(start.u), new Buffer(start.v)];
  const read = (): Tensor => {
    const original = tensorField(module, `${name}Orig`);
    const matrix = matrixOf(original, dim);
    if (!module.training) return original.div(spectralRadius(matrix, { u, v }));
    // As PyTorch's older function: v first, which is the iteration of the transpose.
    const swapped = iterated(matrix.detach().t(), { u: v, v: u }, nPowerIterations, eps);
    const pair = { u: swapped.v, v: swapped.u };
    u.assign(pair.u);
    v.assign(pair.v);
    return original.div(spectralRadius(matrix, pair));
  };
  computeField(module, name, read, (value) => void assign(tensorField(module, `${name}Orig`), value.detach()));
  addField(module, `${name}Orig`, weight);
  addField(module, `${name}U`, u);
  addField(module, `${name}V`, v);
  return module;
}

/**
 * Ends `spectralNorm`: the parameter is one again, with the value that evaluation computes. PyTorch: `torch.nn.utils.remove_spectral_norm`.
 *
 * @throws ArgumentError if there is no such spectral norm.
 * @example utils.removeSpectralNorm(layer)
 */
export function removeSpectralNorm<M extends Module>(module: M, name = 'weight'): M {
  ownTensor('removeSpectralNorm', module, `${name}Orig`);
  const { training } = module;
  module.training = false;
  const value = noGrad(() => tensorField(module, name));
  module.training = training;
  for (const part of ['Orig', 'U', 'V']) Reflect.deleteProperty(module, `${name}${part}`);
  restoreField(module, name, new Parameter(value));
  return module;
}
