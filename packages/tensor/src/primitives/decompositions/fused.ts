import { apply } from '../../apply.ts';
import { sigmoid, tanh } from '../../functions/activation.ts';
import { add, div, mul, sub } from '../../functions/arithmetic.ts';
import { eq, ge, gt } from '../../functions/comparison.ts';
import { erf, exp, log, log1p, neg, rsqrt, square } from '../../functions/elementwise.ts';
import { reshapeTo } from '../../functions/movement.ts';
import { mean, sum } from '../../functions/reduction.ts';
import { where } from '../../functions/where.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import type { FusedPrimitives } from '../signatures.ts';
import type { DecompositionTable } from '../tables.ts';
import { scalarTensor } from './scalar.ts';

export const fusedDecompositions: DecompositionTable<keyof FusedPrimitives> = {
  linear: ([x, weight, bias]) => {
    const rows = reshapeTo(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1]);
    const product = apply('matmul', [rows, weight], { transposeA: false, transposeB: true }, []);
    return reshapeTo(add(product, bias), [...x.shape.slice(0, -1), weight.shape[0] ?? 1]);
  },
  softmax: ([x], { dim }) => {
    const powers = exp(lowered(x, dim));
    return div(powers, sum(powers, { dim, keepDim: true }));
  },
  logSoftmax: ([x], { dim }) => logSoftmax(x, dim),
  crossEntropy: ([logits, labels], { ignoreIndex }) => {
    const isIgnored = eq(labels, ignoreIndex);
    const safe = reshapeTo(where(isIgnored, 0, labels), [...labels.shape, 1]);
    const logs = apply('gather', [logSoftmax(logits, 1), safe], { dim: 1 }, []);
    return where(isIgnored, 0, neg(reshapeTo(logs, labels.shape)));
  },
  layerNorm: ([x, weight, bias], { dims }, [eps]) => {
    const dim = Array.from({ length: dims }, (_, i) => x.ndim - dims + i);
    const { centred, average, variance } = moments(x, dim);
    const rstd = rsqrt(add(variance, scalarTensor(eps, x)));
    return [add(mul(mul(centred, rstd), weight), bias), average, rstd];
  },
  batchNorm: ([x, weight, bias], _, [eps]) => {
    const channels = weight.shape[0] ?? 1;
    const dim = x.shape.map((_, i) => i).filter((i) => i !== 1);
    const aligned = (tensor: Tensor) => reshapeTo(tensor, [channels, ...x.shape.slice(2).map(() => 1)]);
    const { centred, average, variance } = moments(x, dim);
    const scale = mul(aligned(weight), reshapeTo(rsqrt(add(variance, scalarTensor(eps, x))), aligned(weight).shape));
    return [add(mul(centred, scale), aligned(bias)), reshapeTo(average, [channels]), reshapeTo(variance, [channels])];
  },
  dropout: ([x], _, [p, ...random]) => {
    const dtype = x.dtype === 'float64' ? 'float64' : 'float32';
    const uniform = apply('randomUniform', [], { shape: x.shape, dtype }, random);
    const limit = scalarTensor(p, x);
    return where(ge(uniform, limit), mul(x, div(1, sub(1, limit))), 0);
  },
  gelu: ([x], { approximate }) => mul(mul(x, 0.5), add(approximate === 'tanh' ? tanhOf(x) : erf(mul(x, Math.SQRT1_2)), 1)),
  silu: ([x]) => mul(x, sigmoid(x)),
  softplus: ([x], _, [beta, threshold]) => {
    const scaled = mul(x, scalarTensor(beta, x));
    const isLinear = gt(scaled, scalarTensor(threshold, x));
    // Where x is taken itself, exp could overflow; nothing flows through that branch.
    return where(isLinear, x, div(log1p(exp(where(isLinear, 0, scaled))), scalarTensor(beta, x)));
  },
  withGradient: ([output]) => output,
};

/** `x` less its greatest along a dim: `exp` of it does not overflow. */
function lowered(x: Tensor, dim: number): Tensor {
  return sub(x, apply('amax', [x], { dims: [dim], keepDim: true }, []));
}

function logSoftmax(x: Tensor, dim: number): Tensor {
  const low = lowered(x, dim);
  return sub(low, log(sum(exp(low), { dim, keepDim: true })));
}

function moments(x: Tensor, dim: readonly number[]): { centred: Tensor; average: Tensor; variance: Tensor } {
  const average = mean(x, { dim, keepDim: true });
  const centred = sub(x, average);
  return { centred, average, variance: mean(square(centred), { dim, keepDim: true }) };
}

/** The inner term of the approximate `gelu`. */
function tanhOf(x: Tensor): Tensor {
  return tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
}
