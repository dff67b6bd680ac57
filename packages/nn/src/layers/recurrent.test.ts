import {
  ArgumentError,
  ConsumedError,
  DTypeError,
  evaluate,
  manualSeed,
  ones,
  randn,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  zeros,
} from '@dl/tensor';
import { replace } from '@dl/tensor/internal';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as nn from '../index.ts';

const { packPaddedSequence, packSequence, padPackedSequence } = nn.utils.rnn;
const layers = [
  ['RNN', (width: number, hidden: number, options = {}) => new nn.RNN(width, hidden, options)],
  ['LSTM', (width: number, hidden: number, options = {}) => new nn.LSTM(width, hidden, options)],
  ['GRU', (width: number, hidden: number, options = {}) => new nn.GRU(width, hidden, options)],
] as const;
type Layer = ReturnType<(typeof layers)[number][1]>;

describe('a recurrent layer', () => {
  test.each(layers)('%s starts uniform in ±1/√hiddenSize, with the names of PyTorch', async (_, make) => {
    manualSeed(1);
    const layer = make(30, 64, { numLayers: 2, bidirectional: true });
    const suffixes = ['l0', 'l0_reverse', 'l1', 'l1_reverse'];
    const names = suffixes.flatMap((suffix) => ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((kind) => `${kind}_${suffix}`));
    expect(Object.keys(layer.stateDict())).toEqual(names);
    for (const parameter of layer.parameters()) {
      const values = [...(await parameter.data())];
      const span = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(span).toBeLessThanOrEqual(0.125);
      expect(span).toBeGreaterThan(values.length > 1000 ? 0.124 : 0.1);
    }
    expect(layer.weightIhL1Reverse?.shape[1]).toBe(128);
  });

  test('projects: the hidden state has the width projSize, the cell hiddenSize', () => {
    const layer = new nn.LSTM(3, 5, { projSize: 2, bidirectional: true, numLayers: 2 });
    const [output, [hidden, cell]] = layer(zeros([4, 6, 3]));
    expect([output.shape, hidden.shape, cell.shape]).toEqual([
      [4, 6, 4],
      [4, 6, 2],
      [4, 6, 5],
    ]);
    expect([layer.weightHrL1Reverse?.shape, layer.weightHhL0?.shape, layer.weightIhL1?.shape]).toEqual([
      [2, 5],
      [20, 2],
      [20, 4],
    ]);
  });

  test('has the types of what it takes', () => {
    const lstm = new nn.LSTM(2, 3);
    expectTypeOf(lstm(zeros([4, 1, 2]))[0]).toEqualTypeOf<Tensor>();
    expectTypeOf(lstm(packSequence([zeros([4, 2])]))[0]).toEqualTypeOf<nn.utils.rnn.PackedSequence>();
    expectTypeOf(lstm(zeros([4, 1, 2]))[1]).toEqualTypeOf<nn.LSTMState>();
    expectTypeOf(new nn.GRU(2, 3)(zeros([4, 1, 2]))).toEqualTypeOf<readonly [Tensor, Tensor]>();
  });

  test('drops out between layers in training only, and not behind the last', async () => {
    manualSeed(2);
    const layer = new nn.RNN(3, 50, { numLayers: 2, dropout: 0.5, nonlinearity: 'relu' });
    const x = ones([2, 1, 3]);
    const outputs = async () => [...(await layer(x)[0].data())];
    expect(await outputs()).not.toEqual(await outputs());
    layer.eval();
    expect(await outputs()).toEqual(await outputs());
  });

  test('in float64 it computes so', async () => {
    const layer = new nn.GRU(2, 3, { dtype: 'float64', bias: false });
    const [output, hidden] = layer(ones([2, 1, 2], { dtype: 'float64' }));
    expect([output.dtype, hidden.dtype]).toEqual(['float64', 'float64']);
    expect(layer.to('float32')(ones([2, 1, 2]))[0].dtype).toBe('float32');
  });

  test.each(layers)('%s takes a batch of no sequence', async (_, make) => {
    const [output] = outputOf(make(2, 3), zeros([4, 0, 2]));
    expect(output.shape).toEqual([4, 0, 3]);
    expect(await output.data()).toHaveLength(0);
  });

  test('keeps nothing of results that nobody uses, and computes them for whoever asks later', async () => {
    manualSeed(3);
    const inner = new nn.LSTM(2, 3, { bidirectional: true });
    const x = randn([4, 2, 2]);
    const { output, hidden } = within(() => {
      const [output, [hidden]] = inner(x);
      return { output, hidden: hidden.mul(1) };
    });
    await evaluate(hidden);
    const kept = ancestors(output).filter(
      ({ primitive, outputs }) => primitive === 'lstm' && outputs.some(({ storage }) => storage !== null),
    );
    expect(kept).toEqual([]);
    const last = (await output.data()).slice(-6, -3);
    expect([...(await hidden.data())].slice(3, 6)).toEqual([...last]);
  });
});

test('a result that nobody used is gone, not wrong, once a step has replaced the weights', async () => {
  const inner = new nn.GRU(2, 3, { bidirectional: true });
  const weight = inner.weightHhL0 ?? zeros([]);
  await evaluate(...inner.parameters());
  const { output, hidden } = within(() => {
    const [output, hidden] = inner(ones([4, 2, 2]));
    return { output, hidden };
  });
  await replace([{ target: weight, next: weight.sub(hidden.sum()) }]);
  await expect(output.data()).rejects.toThrow(ConsumedError);
});

/** Sizes, and whether biases are learned. */
const settings = fc.record({
  seed: fc.nat(1000),
  steps: fc.integer({ min: 1, max: 5 }),
  batch: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 5 }),
  hidden: fc.integer({ min: 1, max: 6 }),
  bias: fc.boolean(),
});

describe('unrolled cells and the fused layer', () => {
  test.each(layers)('of %s give the same numbers and gradients', async (name, make) => {
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, steps, batch, width, hidden, bias }) => {
        manualSeed(seed);
        const layer = make(width, hidden, { bias });
        const cell = cellOf(name, layer, { bias });
        const x = randn([steps, batch, width]);
        const [output] = outputOf(layer, x);
        const unrolled = unroll(cell, x);
        output.square().sum().backward();
        unrolled.square().sum().backward();
        expectClose(await unrolled.data(), await output.data());
        for (const [i, parameter] of cell.parameters().entries()) {
          expectClose((await parameter.grad?.data()) ?? [], (await layer.parameters()[i]?.grad?.data()) ?? []);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('packed sequences', () => {
  test.each(layers)('give what %s gives for each alone', async (_, make) => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(1000), fc.boolean(), async (lengths, seed, batchFirst) => {
        manualSeed(seed);
        const layer = make(2, 3, { bidirectional: true, numLayers: 2 });
        const sequences = lengths.map((length) => randn([length, 2]));
        const [output, states] = outputOf(layer, packSequence(sequences, { enforceSorted: false }));
        const [padded] = padPackedSequence(output, { batchFirst });
        for (const [b, sequence] of sequences.entries()) {
          const [alone, aloneStates] = outputOf(layer, sequence);
          expectClose(
            await padded
              .select(batchFirst ? 0 : 1, b)
              .narrow(0, 0, lengths[b] ?? 0)
              .data(),
            await alone.data(),
          );
          for (const [k, state] of states.entries()) expectClose(await state.select(1, b).data(), (await aloneStates[k]?.data()) ?? []);
        }
      }),
      { numRuns: 6 },
    );
  });

  test.each(layers)('never see padding, be it NaN: neither outputs nor gradients of %s', async (name, make) => {
    manualSeed(4);
    const layer = name === 'RNN' ? new nn.RNN(1, 3, { bidirectional: true, nonlinearity: 'relu' }) : make(1, 3, { bidirectional: true });
    const x = tensor([1, 2, 3, 4, Number.NaN, Number.NaN, 5, Number.NaN, Number.NaN], { shape: [3, 3, 1] });
    const [output, states] = outputOf(layer, packPaddedSequence(x, [3, 1, 1], { batchFirst: true }));
    const loss = [output.data, ...states].map((result) => result.square().sum()).reduce((sum, term) => sum.add(term));
    loss.backward();
    expect(await loss.item()).toBeGreaterThan(0);
    for (const { grad } of layer.parameters()) expect([...((await grad?.data()) ?? [Number.NaN])].every(Number.isFinite)).toBe(true);
  });

  test('do not let relu grow to infinity behind the end of a short sequence', async () => {
    const layer = new nn.RNN(1, 1, { nonlinearity: 'relu', bias: false });
    layer.loadStateDict({ weight_ih_l0: tensor([[1]]), weight_hh_l0: tensor([[1e20]]) });
    const x = tensor([0, 0, 0, 0, 1, 1, 1, 1], { shape: [2, 4, 1] });
    const [, hidden] = layer(packPaddedSequence(x, [4, 1], { batchFirst: true }));
    hidden.sum().backward();
    expect([...(await hidden.data())]).toEqual([0, 1]);
    expect(await layer.weightHhL0?.grad?.item()).toBe(0);
  });
});

describe('bad settings and inputs', () => {
  test('are refused when the layer is made', () => {
    expect(() => new nn.LSTM(0, 3)).toThrow(new ArgumentError('LSTM: inputSize must be a whole number from 1 up; got 0'));
    expect(() => new nn.GRU(2, 1.5)).toThrow(ArgumentError);
    expect(() => new nn.GRU(2, 3, { numLayers: 0 })).toThrow('GRU: numLayers must be a whole number from 1 up; got 0');
    expect(() => new nn.RNN(2, 3, { nonlinearity: 'sigmoid' as never })).toThrow("RNN: nonlinearity must be one of 'tanh', 'relu'");
    expect(() => new nn.RNN(2, 3, { dropout: Number.NaN, numLayers: 2 })).toThrow('RNN: dropout must be a number in [0, 1]; got NaN');
    expect(() => new nn.RNN(2, 3, { dropout: 0.5 })).toThrow(
      'RNN: dropout is between layers and needs two or more; got dropout 0.5 and numLayers 1. Put a Dropout behind the layer',
    );
    expect(() => new nn.LSTM(2, 3, { projSize: 3 })).toThrow('LSTM: projSize must be a whole number in [0, 2]; got 3');
    expect(() => new nn.LSTM(2, 3, { batchFirst: 1 as never })).toThrow('LSTM: batchFirst must be true or false; got 1');
    expect(() => new nn.GRUCell(2, -1)).toThrow('GRUCell: hiddenSize must be a whole number from 1 up; got -1');
    expect(() => new nn.RNNCell(2, 1, { nonlinearity: 'gelu' as never })).toThrow(ArgumentError);
  });

  test('are refused when the layer is called', () => {
    const lstm = new nn.LSTM(2, 3, { batchFirst: true, bidirectional: true });
    const x = zeros([4, 5, 2]);
    const h = zeros([2, 4, 3]);
    expect(() => lstm(zeros([4, 5, 3]))).toThrow(new ShapeError("LSTM: the input's last dim must be inputSize, 2; got [4, 5, 3]"));
    expect(() => lstm(zeros([2]))).toThrow('LSTM: the input must be [B, T, 2] or [T, 2]; got [2]');
    expect(() => lstm(zeros([4, 0, 2]))).toThrow('LSTM: a sequence must have a step; got the input [4, 0, 2]');
    expect(() => lstm(zeros([4, 5, 2], { dtype: 'float64' }))).toThrow(DTypeError);
    expect(() => lstm(zeros([4, 5, 2], { dtype: 'int32' }))).toThrow('LSTM: input must be float32 or float64; got int32');
    expect(() => lstm('text' as never)).toThrow("LSTM: the input must be a tensor or a PackedSequence; got 'text'");
    expect(() => lstm(x, h as never)).toThrow('LSTM: hx must be [hidden, cell]; got a tensor of shape [2, 4, 3]');
    expect(() => lstm(x, [h, zeros([2, 5, 3])])).toThrow('LSTM: cell must be [2, 4, 3], as the input and the layer have it; got [2, 5, 3]');
    expect(() => lstm(x, [h, zeros([2, 4, 3], { dtype: 'float64' })])).toThrow("got float64. Cast it: cell.to('float32')");
    expect(() => lstm(packSequence([zeros([3])]))).toThrow('LSTM: packed data must be [N, 2]; got [N]');
    expect(() => new nn.GRU(2, 3)(x.narrow(2, 0, 2), 1 as never)).toThrow('GRU: hx must be a tensor; got 1');
  });

  test('are refused by cells', () => {
    const cell = new nn.LSTMCell(2, 3);
    expect(() => cell(zeros([4, 3]))).toThrow("LSTMCell: the input's last dim must be inputSize, 2; got [4, 3]");
    expect(() => cell(zeros([1, 4, 2]))).toThrow('LSTMCell: the input must be [B, 2] or [2]; got [1, 4, 2]');
    expect(() => cell(zeros([4, 2]), [zeros([4, 3]), zeros([3])])).toThrow('LSTMCell: cell must be [4, 3]');
    expect(() => cell(zeros([4, 2]), zeros([4, 3]) as never)).toThrow('LSTMCell: hx must be [hidden, cell]');
    expect(() => new nn.GRUCell(2, 3)(zeros([2]), zeros([1, 3]))).toThrow('GRUCell: hx must be [3]');
  });
});

// ---------------------------------------------------------------------------------------------------------------------

/** The output, and the states as a list. */
function outputOf<S extends Tensor | nn.utils.rnn.PackedSequence>(layer: nn.Module, x: S): readonly [S, readonly Tensor[]] {
  const [output, states] = layer(...([x] as never[])) as readonly [S, Tensor | readonly Tensor[]];
  return [output, 'shape' in states ? [states] : states];
}

/** A cell with the layer's parameters. */
function cellOf(name: 'RNN' | 'LSTM' | 'GRU', layer: Layer, options: nn.CellOptions): nn.RNNCell | nn.LSTMCell | nn.GRUCell {
  const Cell = { RNN: nn.RNNCell, LSTM: nn.LSTMCell, GRU: nn.GRUCell }[name];
  const cell = new Cell(layer.inputSize, layer.hiddenSize, options);
  cell.loadStateDict(Object.fromEntries(Object.entries(layer.stateDict()).map(([key, value]) => [key.replace('_l0', ''), value])));
  return cell;
}

function unroll(cell: nn.RNNCell | nn.LSTMCell | nn.GRUCell, x: Tensor): Tensor {
  let state: Tensor | nn.LSTMState | null = null;
  const outputs = x.unbind().map((step): Tensor => {
    state = cell(step, state as never);
    return 'shape' in state ? state : state[0];
  });
  return stack(outputs);
}

/** Runs a function inside a module's call, where results are not tied to each other. */
function within<R>(f: () => R): R {
  let result: R | undefined;
  class Outer extends nn.Module {
    forward(): void {
      result = f();
    }
  }
  new Outer()();
  if (result === undefined) throw new Error('no result');
  return result;
}

type Node = Tensor['value']['node'];

function ancestors(x: Tensor): Node[] {
  const found = new Set<Node>([x.value.node]);
  for (const node of found) for (const input of node.inputs) found.add(input.node);
  return [...found];
}

/** To 1e-5 of 1 and the value: sums in another order. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((wanted, i) => {
    expect(Math.abs((actual[i] ?? Number.NaN) - wanted)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(wanted)));
  });
}
