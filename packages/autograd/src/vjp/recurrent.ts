import { cat, narrow, reshape, sum, type Tensor, unsqueeze } from '@dl/tensor';
import { apply, type RecurrentPrimitives } from '@dl/tensor/internal';
import { once, zerosOf } from './algebra.ts';
import type { VjpTable } from './table.ts';

/**
 * The recurrence runs backward in a primitive of its own, which gives the gradients of all gates; that of the weight is one
 * product of these with the states before them.
 */
export const recurrentVjps: VjpTable<keyof RecurrentPrimitives> = {
  rnn: (g, { inputs: [, hidden, weight], params, output }) => {
    const gradients = once(() => apply('rnnGradient', [g, output, weight], params, []));
    return [() => gradients()[0], () => gradients()[1], () => weightGradient(gradients()[0], statesBefore(hidden, output, params.reverse))];
  },
  lstm: ([g, gCells, gActivations], { inputs: [, hidden, cell, weight], params, output: [output, cells, activations] }) => {
    if (gActivations !== undefined) return 'decomposed';
    const gradients = once(() =>
      apply(
        'lstmGradient',
        [g ?? zerosOf(output.shape, output), gCells ?? zerosOf([1, 1, 1], cells), cell, cells, activations, weight],
        params,
        [],
      ),
    );
    return [
      () => gradients()[0],
      () => gradients()[1],
      () => gradients()[2],
      () => weightGradient(gradients()[0], statesBefore(hidden, output, params.reverse)),
    ];
  },
  gru: ([g, gActivations], { inputs: [, hidden, weight, bias], params, output: [output, activations] }) => {
    if (g === undefined || gActivations !== undefined) return 'decomposed';
    const gradients = once(() => apply('gruGradient', [g, hidden, output, activations, weight], params, []));
    return [
      () => gradients()[0],
      () => gradients()[2],
      () => weightGradient(gradients()[1], statesBefore(hidden, output, params.reverse)),
      () => sum(narrow(gradients()[1], 2, 2 * bias.numel(), bias.numel()), { dim: [0, 1] }),
    ];
  },
  rnnGradient: 'decomposed',
  lstmGradient: 'decomposed',
  gruGradient: 'decomposed',
};

/** `Σ gatesᵀ @ states` over all steps and rows. */
function weightGradient(gates: Tensor, states: Tensor): Tensor {
  return apply('matmul', [rows(gates), rows(states)], { transposeA: true, transposeB: false }, []);
}

/** The hidden state that each step starts from. */
function statesBefore(hidden: Tensor, output: Tensor, reverse: boolean): Tensor {
  const first = unsqueeze(hidden, 0);
  const others = narrow(output, 0, reverse ? 1 : 0, output.size(0) - 1);
  return cat(reverse ? [others, first] : [first, others]);
}

function rows(x: Tensor): Tensor {
  return reshape(x, [x.size(0) * x.size(1), x.size(2)]);
}
