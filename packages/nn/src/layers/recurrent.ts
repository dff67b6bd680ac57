import type { Tensor } from '@dl/tensor';
import { checkOneOf } from '@dl/tensor/internal';
import { gruRun, lstmRun, rnnRun } from '../functional/recurrentRuns.ts';
import type { Nonlinearity } from '../functional/recurrentSteps.ts';
import type { PackedSequence } from '../utils/rnnPackedSequence.ts';
import { RecurrentBase, type RecurrentOptions } from './recurrentBase.ts';
import { checkPair } from './recurrentLayout.ts';

/** What `RNN` takes. */
export interface RNNOptions extends RecurrentOptions {
  /** Default `'tanh'`. */
  readonly nonlinearity?: Nonlinearity;
}

/** What `LSTM` takes. */
export interface LSTMOptions extends RecurrentOptions {
  /** The width to which the hidden state is projected, less than `hiddenSize`; default 0: it is not. Such layers compute step by step. */
  readonly projSize?: number;
}

/** The hidden state and the cell of an LSTM. */
export type LSTMState = readonly [hidden: Tensor, cell: Tensor];

/**
 * A recurrent network (Elman 1990): `h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)`, or relu in the place of tanh.
 *
 * Input `[T, B, inputSize]`, `[B, T, inputSize]` where `batchFirst`, unbatched `[T, inputSize]`, or a `PackedSequence`; `hx`
 * `[layers · directions, B, hiddenSize]`, zeros if left out. Gives the last layer's states `[T, B, directions · hiddenSize]` in the layout of
 * the input, and the last state of each layer and direction, as `hx`. Parameters are `weightIhL0`, `weightHhL0Reverse`, `biasIhL1` and so on, uniform
 * in `±1 / √hiddenSize` at first. PyTorch: `torch.nn.RNN`.
 *
 * @throws ArgumentError for sizes, options or a dropout out of range, and for dropout with one layer, where it would do nothing; at the call
 *   ShapeError or DTypeError for an input or a state that does not fit.
 * @example const [output, hidden] = new RNN(8, 16, { numLayers: 2 })(x)
 */
export class RNN extends RecurrentBase {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    const { nonlinearity = 'tanh' } = options;
    checkOneOf('RNN', 'nonlinearity', nonlinearity, ['tanh', 'relu']);
    super(inputSize, hiddenSize, options, { recurrence: rnnRun(nonlinearity), gates: 1, states: ['hx'], projSize: 0 });
    this.nonlinearity = nonlinearity;
  }

  override forward(input: PackedSequence, hx?: Tensor | null): readonly [PackedSequence, Tensor];
  override forward(input: Tensor, hx?: Tensor | null): readonly [Tensor, Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): readonly [Tensor | PackedSequence, Tensor] {
    const [output, hidden] = this.run(input, hx === null ? null : [hx]);
    return [output, hidden];
  }
}

/** A call runs `forward`. */
export interface RNN {
  (input: PackedSequence, hx?: Tensor | null): readonly [PackedSequence, Tensor];
  (input: Tensor, hx?: Tensor | null): readonly [Tensor, Tensor];
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997): gates `i, f, g, o` of `W_ih x_t + b_ih + W_hh h_(t-1) + b_hh`;
 * `c_t = σ(f) c_(t-1) + σ(i) tanh(g)`, `h_t = σ(o) tanh(c_t)`, which `projSize` projects: `W_hr h_t`.
 *
 * Layouts and parameters are those of `RNN`; `hx` and the last states are `[hidden, cell]`. PyTorch: `torch.nn.LSTM`.
 *
 * @throws as `RNN`; ArgumentError if `projSize` is not less than `hiddenSize`.
 * @example const [output, [hidden, cell]] = new LSTM(8, 16, { bidirectional: true })(x)
 */
export class LSTM extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super(inputSize, hiddenSize, options, { recurrence: lstmRun, gates: 4, states: ['hidden', 'cell'], projSize: options.projSize ?? 0 });
  }

  override forward(input: PackedSequence, hx?: LSTMState | null): readonly [PackedSequence, LSTMState];
  override forward(input: Tensor, hx?: LSTMState | null): readonly [Tensor, LSTMState];
  override forward(input: Tensor | PackedSequence, hx: LSTMState | null = null): readonly [Tensor | PackedSequence, LSTMState] {
    if (hx !== null) checkPair('LSTM', hx);
    const [output, hidden, cell = hidden] = this.run(input, hx);
    return [output, [hidden, cell]];
  }
}

/** A call runs `forward`. */
export interface LSTM {
  (input: PackedSequence, hx?: LSTMState | null): readonly [PackedSequence, LSTMState];
  (input: Tensor, hx?: LSTMState | null): readonly [Tensor, LSTMState];
}

/**
 * Gated recurrent units (Cho et al. 2014): `r, z = σ(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)`,
 * `n = tanh(W_in x_t + b_in + r (W_hn h_(t-1) + b_hn))`, `h_t = (1 - z) n + z h_(t-1)`.
 *
 * Layouts and parameters are those of `RNN`. PyTorch: `torch.nn.GRU`.
 *
 * @throws as `RNN`.
 * @example const [output, hidden] = new GRU(8, 16, { batchFirst: true })(x)
 */
export class GRU extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, options, { recurrence: gruRun, gates: 3, states: ['hx'], projSize: 0 });
  }

  override forward(input: PackedSequence, hx?: Tensor | null): readonly [PackedSequence, Tensor];
  override forward(input: Tensor, hx?: Tensor | null): readonly [Tensor, Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): readonly [Tensor | PackedSequence, Tensor] {
    const [output, hidden] = this.run(input, hx === null ? null : [hx]);
    return [output, hidden];
  }
}

/** A call runs `forward`. */
export interface GRU {
  (input: PackedSequence, hx?: Tensor | null): readonly [PackedSequence, Tensor];
  (input: Tensor, hx?: Tensor | null): readonly [Tensor, Tensor];
}
