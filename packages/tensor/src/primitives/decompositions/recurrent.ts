import { apply } from '../../apply.ts';
import { relu, sigmoid, tanh } from '../../functions/activation.ts';
import { add, mul, sub } from '../../functions/arithmetic.ts';
import { gt } from '../../functions/comparison.ts';
import { square } from '../../functions/elementwise.ts';
import { cat, stack } from '../../functions/joining.ts';
import { chunk, select } from '../../functions/slicing.ts';
import { where } from '../../functions/where.ts';
import type { Tensor } from '../../tensor.ts';
import type { RecurrentPrimitives } from '../signatures.ts';
import type { DecompositionTable } from '../tables.ts';

/** Unrolled: a few nodes for each step. */
export const recurrentDecompositions: DecompositionTable<keyof RecurrentPrimitives> = {
  rnn: ([gates, hidden, weight], { nonlinearity, reverse }) => {
    const f = nonlinearity === 'tanh' ? tanh : relu;
    let h = hidden;
    const states = alongTime(gates, reverse, (t) => {
      h = f(add(select(gates, 0, t), times(h, weight, true)));
      return [h];
    });
    return joined(states, 0);
  },
  rnnGradient: ([gradient, output, weight], { nonlinearity, reverse }) => {
    let carried: Tensor | null = null;
    const toGates = alongTime(gradient, !reverse, (t) => {
      const dh: Tensor = plus(select(gradient, 0, t), carried);
      const y = select(output, 0, t);
      const step = nonlinearity === 'tanh' ? mul(dh, slopeOfTanh(y)) : where(gt(y, 0), dh, 0);
      carried = times(step, weight, false);
      return [step];
    });
    return [joined(toGates, 0), carried ?? select(gradient, 0, 0)];
  },
  lstm: ([gates, hidden, cell, weight], { reverse }) => {
    let h = hidden;
    let c = cell;
    const states = alongTime(gates, reverse, (t) => {
      const [i, f, g, o] = parts(add(select(gates, 0, t), times(h, weight, true)), 4);
      const activations = [sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)] as const;
      c = add(mul(activations[1], c), mul(activations[0], activations[2]));
      h = mul(activations[3], tanh(c));
      return [h, c, cat(activations, { dim: 1 })];
    });
    return [joined(states, 0), joined(states, 1), joined(states, 2)];
  },
  lstmGradient: ([gradient, cellsGradient, cell, cells, activations, weight], { reverse }) => {
    const toCells = cellsGradient.numel() === gradient.numel() ? cellsGradient : null;
    const steps = gradient.size(0);
    let carried: Tensor | null = null;
    let carriedCell: Tensor | null = null;
    const toGates = alongTime(gradient, !reverse, (t) => {
      const [i, f, g, o] = parts(select(activations, 0, t), 4);
      const before = reverse ? t + 1 : t - 1;
      const dh: Tensor = plus(select(gradient, 0, t), carried);
      const squashed = tanh(select(cells, 0, t));
      const given = toCells === null ? select(select(cellsGradient, 0, 0), 0, 0) : select(toCells, 0, t);
      const dc: Tensor = plus(add(mul(mul(dh, o), slopeOfTanh(squashed)), given), carriedCell);
      const previous = before >= 0 && before < steps ? select(cells, 0, before) : cell;
      const step = cat(
        [
          mul(mul(dc, g), slopeOfSigmoid(i)),
          mul(mul(dc, previous), slopeOfSigmoid(f)),
          mul(mul(dc, i), slopeOfTanh(g)),
          mul(mul(dh, squashed), slopeOfSigmoid(o)),
        ],
        { dim: 1 },
      );
      carried = times(step, weight, false);
      carriedCell = mul(dc, f);
      return [step];
    });
    return [joined(toGates, 0), carried ?? cell, carriedCell ?? cell];
  },
  gru: ([gates, hidden, weight, bias], { reverse }) => {
    let h = hidden;
    const states = alongTime(gates, reverse, (t) => {
      const [inputR, inputZ, inputN] = parts(select(gates, 0, t), 3);
      const [hiddenR, hiddenZ, hiddenN] = parts(times(h, weight, true), 3);
      const r = sigmoid(add(inputR, hiddenR));
      const z = sigmoid(add(inputZ, hiddenZ));
      const share = add(hiddenN, bias);
      const n = tanh(add(inputN, mul(r, share)));
      h = add(mul(sub(1, z), n), mul(z, h));
      return [h, cat([r, z, n, share], { dim: 1 })];
    });
    return [joined(states, 0), joined(states, 1)];
  },
  gruGradient: ([gradient, hidden, output, activations, weight], { reverse }) => {
    const steps = gradient.size(0);
    let carried: Tensor | null = null;
    const gradients = alongTime(gradient, !reverse, (t) => {
      const [r, z, n, share] = parts(select(activations, 0, t), 4);
      const before = reverse ? t + 1 : t - 1;
      const previous = before >= 0 && before < steps ? select(output, 0, before) : hidden;
      const dh: Tensor = plus(select(gradient, 0, t), carried);
      const dn = mul(mul(dh, sub(1, z)), slopeOfTanh(n));
      const dr = mul(mul(dn, share), slopeOfSigmoid(r));
      const dz = mul(mul(dh, sub(previous, n)), slopeOfSigmoid(z));
      const toHiddenGates = cat([dr, dz, mul(dn, r)], { dim: 1 });
      carried = add(mul(dh, z), times(toHiddenGates, weight, false));
      return [cat([dr, dz, dn], { dim: 1 }), toHiddenGates];
    });
    return [joined(gradients, 0), joined(gradients, 1), carried ?? hidden];
  },
};

/** What each step gives, in the order of the dim of time, whatever the order in which the steps are visited. */
function alongTime<R>(x: Tensor, backward: boolean, visit: (t: number) => R): R[] {
  const steps = Array.from({ length: x.size(0) }, (_, t) => t);
  if (!backward) return steps.map(visit);
  return steps.reverse().map(visit).reverse();
}

function joined(steps: readonly (readonly Tensor[])[], index: number): Tensor {
  return stack(steps.flatMap((step) => step.slice(index, index + 1)));
}

/** Equal parts of the last dim of `[B, count · H]`. */
function parts(x: Tensor, count: 3): readonly [Tensor, Tensor, Tensor];
function parts(x: Tensor, count: 4): readonly [Tensor, Tensor, Tensor, Tensor];
function parts(x: Tensor, count: number): readonly Tensor[] {
  return chunk(x, count, { dim: 1 });
}

function times(state: Tensor, weight: Tensor, transposeB: boolean): Tensor {
  return apply('matmul', [state, weight], { transposeA: false, transposeB }, []);
}

function plus(x: Tensor, carried: Tensor | null): Tensor {
  return carried === null ? x : add(x, carried);
}

function slopeOfTanh(y: Tensor): Tensor {
  return sub(1, square(y));
}

function slopeOfSigmoid(y: Tensor): Tensor {
  return mul(y, sub(1, y));
}
