import { noGrad } from '@dl/autograd';
import type { Tensor } from '@dl/tensor';
import { assign } from '@dl/tensor/internal';
import type { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { addField, computeField, ownTensor, restoreField, tensorField } from './fields.ts';
import { checkNormDim, lengthsAlong, type NormDim, weightNormalized } from './weightNormalization.ts';

/** What `weightNorm` takes. */
export interface WeightNormOptions {
  /** Which tensor; default `'weight'`. */
  readonly name?: string;
  /** The dim along which directions have lengths of their own, or `null` for one length; default 0. */
  readonly dim?: NormDim;
}

/**
 * Splits a parameter into lengths and directions, `weight = g v / ‖v‖`, that are learned instead, as `weight_g` and `weight_v` of the state
 * dict (Salimans and Kingma 2016). `parametrizations.weightNorm` is its successor. PyTorch: `torch.nn.utils.weight_norm`.
 *
 * @throws ArgumentError if the module has no such parameter or the parameter no such dim.
 * @example utils.weightNorm(new Linear(20, 40))
 */
export function weightNorm<M extends Module>(module: M, options: WeightNormOptions = {}): M {
  const { name = 'weight', dim = 0 } = options;
  const weight = ownTensor('weightNorm', module, name);
  checkNormDim('weightNorm', weight, dim);
  const g = new Parameter(noGrad(() => lengthsAlong(weight, dim)));
  const v = new Parameter(weight.detach());
  const write = (value: Tensor): void => {
    assign(
      g,
      noGrad(() => lengthsAlong(value, dim)),
    );
    assign(v, value.detach());
  };
  computeField(module, name, () => weightNormalized(tensorField(module, `${name}G`), tensorField(module, `${name}V`), dim), write);
  addField(module, `${name}G`, g);
  addField(module, `${name}V`, v);
  return module;
}

/**
 * Ends `weightNorm`: the parameter is one again, with the value computed last. PyTorch: `torch.nn.utils.remove_weight_norm`.
 *
 * @throws ArgumentError if there is no such weight norm.
 * @example utils.removeWeightNorm(layer)
 */
export function removeWeightNorm<M extends Module>(module: M, name = 'weight'): M {
  ownTensor('removeWeightNorm', module, `${name}G`);
  const value = noGrad(() => tensorField(module, name));
  for (const part of ['G', 'V']) Reflect.deleteProperty(module, `${name}${part}`);
  restoreField(module, name, new Parameter(value));
  return module;
}
