import { apply } from '../../apply.ts';
import { add, div, mul, sub } from '../../functions/arithmetic.ts';
import { eq, le } from '../../functions/comparison.ts';
import { exp, log } from '../../functions/elementwise.ts';
import { detach, reshapeTo } from '../../functions/movement.ts';
import { sum } from '../../functions/reduction.ts';
import { where } from '../../functions/where.ts';
import type { Tensor } from '../../tensor.ts';
import type { AttentionPrimitives } from '../signatures.ts';
import type { DecompositionTable, ParamsOf, Scalar, ScalarsOf } from '../tables.ts';
import { scalarTensor } from './scalar.ts';

export const attentionDecompositions: DecompositionTable<keyof AttentionPrimitives> = {
  attention: ([query, key, value, mask], params, scalars) => {
    const softened = softenedScores(query, key, mask, params, scalars);
    return [product(weightsOf(softened, params, scalars), false, value), logSumExpOf(softened, query)];
  },
  attentionGradient: ([gradient, query, key, value, output, logSumExp, mask], params, scalars) => {
    const scores = scoresOf(query, key, mask, params, scalars[0]);
    const total = columnOf(logSumExp);
    const isEmpty = eq(total, none);
    const weights = where(isEmpty, 0, exp(sub(scores, where(isEmpty, 0, total))));
    const toWeights = dropped(apply('matmul', [gradient, value], { transposeA: false, transposeB: true }, []), params, scalars);
    const along = sum(mul(gradient, output), { dim: -1, keepDim: true });
    const toScores = mul(mul(weights, sub(toWeights, along)), scalarTensor(scalars[0], query));
    return [product(toScores, false, key), product(toScores, true, query), product(dropped(weights, params, scalars), true, gradient)];
  },
};

/** `attention` in simpler steps, each of which has a gradient for the mask, too. */
export function composedAttention(
  inputs: readonly [Tensor, Tensor, Tensor, Tensor],
  params: ParamsOf<'attention'>,
  scalars: ScalarsOf<'attention', Scalar>,
): Tensor {
  const [query, key, value, mask] = inputs;
  return product(weightsOf(softenedScores(query, key, mask, params, scalars), params, scalars), false, value);
}

type AttentionScalars = ScalarsOf<'attention', Scalar>;

const none = Number.NEGATIVE_INFINITY;

/** Scores less their greatest, as powers; rows of minus infinity only are zeros. */
interface Softened {
  readonly greatest: Tensor;
  readonly isEmpty: Tensor;
  readonly powers: Tensor;
  readonly total: Tensor;
}

function softenedScores(
  query: Tensor,
  key: Tensor,
  mask: Tensor | undefined,
  params: ParamsOf<'attention'>,
  [scale]: AttentionScalars,
): Softened {
  const scores = scoresOf(query, key, mask, params, scale);
  // What is taken off all scores of a row has no effect on its weights, hence no gradient.
  const most = scores.size(-1) === 0 ? emptyRows(scores) : detach(apply('amax', [scores], { dims: [scores.ndim - 1], keepDim: true }, []));
  const isEmpty = eq(most, none);
  const greatest = where(isEmpty, 0, most);
  const powers = exp(sub(scores, greatest));
  return { greatest, isEmpty, powers, total: where(isEmpty, 1, sum(powers, { dim: -1, keepDim: true })) };
}

function weightsOf({ powers, total }: Softened, params: ParamsOf<'attention'>, scalars: AttentionScalars): Tensor {
  return dropped(div(powers, total), params, scalars);
}

function logSumExpOf({ greatest, isEmpty, total }: Softened, query: Tensor): Tensor {
  return reshapeTo(where(isEmpty, none, add(greatest, log(total))), query.shape.slice(0, -1));
}

function scoresOf(query: Tensor, key: Tensor, mask: Tensor | undefined, { causal }: ParamsOf<'attention'>, scale: Scalar): Tensor {
  const products = mul(apply('matmul', [query, key], { transposeA: false, transposeB: true }, []), scalarTensor(scale, query));
  const scores = mask === undefined ? products : add(products, mask);
  if (!causal) return scores;
  const places = (length: number) => apply('iota', [], { length, dtype: 'int32' }, [0, 1]);
  return where(le(places(key.size(-2)), columnOf(places(query.size(-2)))), scores, none);
}

/** The weights as `dropout` leaves them. */
function dropped(weights: Tensor, { dropout }: ParamsOf<'attention'>, [, p, ...random]: AttentionScalars): Tensor {
  return dropout ? apply('dropout', [weights], {}, [p, ...random]) : weights;
}

function product(a: Tensor, transposeA: boolean, b: Tensor): Tensor {
  return apply('matmul', [a, b], { transposeA, transposeB: false }, []);
}

function columnOf(x: Tensor): Tensor {
  return reshapeTo(x, [...x.shape, 1]);
}

function emptyRows(scores: Tensor): Tensor {
  return apply('full', [], { shape: [...scores.shape.slice(0, -1), 1], dtype: scores.dtype }, [none]);
}
