// What PyTorch gives: fixtures/recurrent.py.
import { readFileSync } from 'node:fs';
import { arange, cat, matmul, narrow, randn, type Tensor, zerosLike } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { difference, fromGolden, type GoldenTensor, tensorOf } from '@dl/tensor/testing';
import { describe, expect, test } from 'vitest';
import { checkGradients } from '../checkGradients.ts';
import { gradients } from '../gradients.ts';
import { requiresGrad } from '../requiresGrad.ts';

interface Case {
  readonly kind: 'RNN' | 'LSTM' | 'GRU';
  readonly reverse: boolean;
  readonly onlyOutput: boolean;
  readonly nonlinearity: 'tanh' | 'relu';
  readonly inputs: readonly GoldenTensor[];
  readonly output: GoldenTensor;
  readonly last: readonly GoldenTensor[];
  readonly gradients: readonly GoldenTensor[];
}
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/recurrent.json', import.meta.url), 'utf8'));

type Inputs = readonly [x: Tensor, weightIh: Tensor, weightHh: Tensor, biasIh: Tensor, biasHh: Tensor, hidden: Tensor, cell: Tensor];

/** The output, and the sequences whose last elements are the last states. */
const layers: Readonly<Record<Case['kind'], (inputs: Inputs, given: Case) => readonly Tensor[]>> = {
  RNN: ([x, weightIh, weightHh, biasIh, biasHh, hidden], { nonlinearity, reverse }) => {
    const gates = matmul(x, weightIh.t()).add(biasIh).add(biasHh);
    const output = apply('rnn', [gates, hidden, weightHh], { nonlinearity, reverse }, []);
    return [output];
  },
  LSTM: ([x, weightIh, weightHh, biasIh, biasHh, hidden, cell], { reverse }) => {
    const gates = matmul(x, weightIh.t()).add(biasIh).add(biasHh);
    const [output, cells] = apply('lstm', [gates, hidden, cell, weightHh], { reverse }, []);
    return [output, cells];
  },
  GRU: ([x, weightIh, weightHh, biasIh, biasHh, hidden], { reverse }) => {
    const width = hidden.size(1);
    const inner = narrow(biasHh, 0, 2 * width, width);
    const outer = cat([narrow(biasHh, 0, 0, 2 * width), zerosLike(inner)]);
    const gates = matmul(x, weightIh.t()).add(biasIh).add(outer);
    const [output] = apply('gru', [gates, hidden, weightHh, inner], { reverse }, []);
    return [output];
  },
};

function weighted(y: Tensor): Tensor {
  return y
    .mul(arange(1, y.numel() + 1, { dtype: 'float64' }).reshape(y.shape))
    .sum()
    .div(10);
}

describe('layers of PyTorch', () => {
  test.each(cases)('$kind, $nonlinearity, reverse: $reverse, of the output only: $onlyOutput', async (given) => {
    const inputs = given.inputs.map((golden) => requiresGrad(tensorOf(fromGolden(golden))));
    const sequences = layers[given.kind](inputs as readonly Tensor[] as Inputs, given);
    const last = sequences.map((sequence) => sequence.select(0, given.reverse ? 0 : -1));
    const [output] = sequences as [Tensor];
    const states = given.onlyOutput ? [] : last.map(weighted);
    const found = gradients(
      states.reduce((sum, term) => sum.add(term), weighted(output)),
      inputs,
    );
    const results = [output, ...last, ...found];
    const expected = [given.output, ...given.last, ...given.gradients];
    for (const [i, result] of results.entries()) {
      const { shape, data } = fromGolden(expected[i] as GoldenTensor);
      expect(result.shape).toEqual(shape);
      expect(difference(await result.data(), data, 1e-11), `result ${i}`).toBeNull();
    }
  });
});

// Samples weigh all outputs; those that layers use have primitives for their gradients.
describe('gradients of the outputs that layers use, once more differentiated', () => {
  const [T, B, H] = [2, 2, 2];
  const states = [randn([B, H]), randn([B, H])] as const;

  test.each([false, true])('lstm, reverse: %s', async (reverse) => {
    const used = (gates: Tensor, hidden: Tensor, cell: Tensor, weight: Tensor) =>
      apply('lstm', [gates, hidden, cell, weight], { reverse }, []).slice(0, 2);
    await checkGradients(used, [randn([T, B, 4 * H]), ...states, randn([4 * H, H])], { order: 2 });
  });

  test.each([false, true])('gru, reverse: %s', async (reverse) => {
    const used = (gates: Tensor, hidden: Tensor, weight: Tensor, bias: Tensor) =>
      apply('gru', [gates, hidden, weight, bias], { reverse }, [])[0];
    await checkGradients(used, [randn([T, B, 3 * H]), states[0], randn([3 * H, H]), randn([H])], { order: 2 });
  });
});
