import { add, div, maximum, mul, sub } from '../../functions/arithmetic.ts';
import { sqrt } from '../../functions/elementwise.ts';
import type { Tensor } from '../../tensor.ts';
import type { UpdatePrimitives } from '../signatures.ts';
import type { DecompositionTable, Scalar } from '../tables.ts';
import { scalarTensor } from './scalar.ts';

/** As the kernels compute them, except that each intermediate is rounded to the parameter's dtype: `1 - beta2` loses 1e-5 in float32. */
export const updateDecompositions: DecompositionTable<keyof UpdatePrimitives> = {
  sgd: ([parameter, gradient], _, [lr, weightDecay]) => {
    const of = (scalar: Scalar) => scalarTensor(scalar, parameter);
    return sub(parameter, mul(of(lr), decayed(gradient, parameter, of(weightDecay))));
  },
  sgdMomentum: ([parameter, gradient, momentumBuffer], { nesterov }, [lr, weightDecay, momentum, dampening]) => {
    const of = (scalar: Scalar) => scalarTensor(scalar, parameter);
    const g = decayed(gradient, parameter, of(weightDecay));
    const buffer = add(mul(of(momentum), momentumBuffer), mul(sub(1, of(dampening)), g));
    const direction = nesterov ? add(g, mul(of(momentum), buffer)) : buffer;
    return [sub(parameter, mul(of(lr), direction)), buffer];
  },
  adam: ([parameter, gradient, expAvg, expAvgSq], { decoupled }, scalars) => {
    const { kept, m, v } = moments(parameter, gradient, expAvg, expAvgSq, decoupled, scalars);
    return [sub(kept, adamStep(m, v, scalars)), m, v];
  },
  adamAmsgrad: ([parameter, gradient, expAvg, expAvgSq, maxExpAvgSq], { decoupled }, scalars) => {
    const { kept, m, v } = moments(parameter, gradient, expAvg, expAvgSq, decoupled, scalars);
    const most = maximum(maxExpAvgSq, v);
    return [sub(kept, adamStep(m, most, scalars)), m, v, most];
  },
};

type AdamScalars = readonly [
  lr: Scalar,
  weightDecay: Scalar,
  beta1: Scalar,
  beta2: Scalar,
  eps: Scalar,
  biasCorrection1: Scalar,
  biasCorrection2: Scalar,
];

function decayed(gradient: Tensor, parameter: Tensor, weightDecay: Tensor): Tensor {
  return add(gradient, mul(weightDecay, parameter));
}

function moments(
  parameter: Tensor,
  gradient: Tensor,
  expAvg: Tensor,
  expAvgSq: Tensor,
  decoupled: boolean,
  [lr, weightDecay, beta1, beta2]: AdamScalars,
): { kept: Tensor; m: Tensor; v: Tensor } {
  const of = (scalar: Scalar) => scalarTensor(scalar, parameter);
  const kept = decoupled ? mul(parameter, sub(1, mul(of(lr), of(weightDecay)))) : parameter;
  const g = decoupled ? gradient : decayed(gradient, parameter, of(weightDecay));
  const m = add(expAvg, mul(sub(g, expAvg), sub(1, of(beta1))));
  const v = add(mul(of(beta2), expAvgSq), mul(sub(1, of(beta2)), mul(g, g)));
  return { kept, m, v };
}

function adamStep(m: Tensor, v: Tensor, [lr, , , , eps, biasCorrection1, biasCorrection2]: AdamScalars): Tensor {
  const of = (scalar: Scalar) => scalarTensor(scalar, m);
  const denominator = add(div(sqrt(v), sqrt(of(biasCorrection2))), of(eps));
  return div(mul(div(of(lr), of(biasCorrection1)), m), denominator);
}
