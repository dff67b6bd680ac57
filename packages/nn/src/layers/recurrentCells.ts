import { ShapeError, type Tensor, zeros } from '@dl/tensor';
import { checkInteger, checkOneOf, checkTensor, formatShape } from '@dl/tensor/internal';
import {
  gruStep,
  inputGates,
  inputGatesOfGru,
  lstmStep,
  type Nonlinearity,
  type RecurrentWeights,
  rnnStep,
} from '../functional/recurrentSteps.ts';
import { uniformBetween } from '../init/recipes.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool } from '../repr.ts';
import type { FloatingOptions } from './options.ts';
import type { LSTMState } from './recurrent.ts';
import { checkFlags, checkInput, checkPair, checkState } from './recurrentLayout.ts';

/** What cells take. */
export interface CellOptions extends FloatingOptions {
  /** Whether biases are learned; default `true`. */
  readonly bias?: boolean;
}

/** What `RNNCell` takes. */
export interface RNNCellOptions extends CellOptions {
  /** Default `'tanh'`. */
  readonly nonlinearity?: Nonlinearity;
}

/** What cells share: parameters, checks, one sample or a batch. */
abstract class RecurrentCell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** `[gates · hiddenSize, inputSize]`. */
  readonly weightIh: Parameter;
  /** `[gates · hiddenSize, hiddenSize]`. */
  readonly weightHh: Parameter;
  /** `[gates · hiddenSize]`, or `null`. */
  readonly biasIh: Parameter | null;
  /** `[gates · hiddenSize]`, or `null`. */
  readonly biasHh: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options: CellOptions, gates: number) {
    super();
    const { name } = new.target;
    const { bias = true, dtype = 'float32' } = options;
    checkInteger(name, 'inputSize', inputSize, 1);
    checkInteger(name, 'hiddenSize', hiddenSize, 1);
    checkFlags(name, { bias });
    const bound = 1 / Math.sqrt(hiddenSize);
    const parameter = (...shape: number[]) => new Parameter(uniformBetween(shape, dtype, -bound, bound));
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weightIh = parameter(gates * hiddenSize, inputSize);
    this.weightHh = parameter(gates * hiddenSize, hiddenSize);
    this.biasIh = bias ? parameter(gates * hiddenSize) : null;
    this.biasHh = bias ? parameter(gates * hiddenSize) : null;
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.biasIh === null ? `, bias=${bool(false)}` : ''}`;
  }

  protected get weights(): RecurrentWeights {
    const { weightIh, weightHh, biasIh, biasHh } = this;
    return { weightIh, weightHh, biasIh, biasHh, weightHr: null };
  }

  /** Refuses an input that does not fit. */
  protected checkInput(input: Tensor): void {
    const { name } = this.constructor;
    checkTensor(name, 'input', input);
    if (input.ndim !== 1 && input.ndim !== 2)
      throw new ShapeError(`${name}: the input must be [B, ${this.inputSize}] or [${this.inputSize}]; got ${formatShape(input.shape)}`);
    checkInput(name, input, this.inputSize, this.weightIh.dtype);
  }

  /** The state given, or zeros. */
  protected state(name: string, input: Tensor, given: Tensor | null): Tensor {
    const shape = [...input.shape.slice(0, -1), this.hiddenSize];
    if (given === null) return zeros(shape, { dtype: input.dtype });
    checkTensor(this.constructor.name, name, given);
    checkState(this.constructor.name, name, given, shape, input);
    return given;
  }
}

/**
 * One step of `RNN`: input `[B, inputSize]` or `[inputSize]` and state `[B, hiddenSize]`, zeros if left out, give the next state. Parameters are
 * uniform in `±1 / √hiddenSize` at first. PyTorch: `torch.nn.RNNCell`.
 *
 * @throws ArgumentError for sizes or options out of range; at the call ShapeError or DTypeError for what does not fit.
 * @example h = new RNNCell(8, 16)(x, h)
 */
export class RNNCell extends RecurrentCell {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    const { nonlinearity = 'tanh' } = options;
    checkOneOf('RNNCell', 'nonlinearity', nonlinearity, ['tanh', 'relu']);
    super(inputSize, hiddenSize, options, 1);
    this.nonlinearity = nonlinearity;
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    this.checkInput(input);
    const { weights } = this;
    return rnnStep(inputGates(input, weights), this.state('hx', input, hx), weights, this.nonlinearity);
  }

  override extraRepr(): string {
    return `${super.extraRepr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`;
  }
}

/**
 * One step of `LSTM`: input `[B, inputSize]` or `[inputSize]` and `[hidden, cell]`, each `[B, hiddenSize]`, zeros if left out, give the next
 * `[hidden, cell]`. PyTorch: `torch.nn.LSTMCell`.
 *
 * @throws as `RNNCell`.
 * @example [h, c] = new LSTMCell(8, 16)(x, [h, c])
 */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize, options, 4);
  }

  override forward(input: Tensor, hx: LSTMState | null = null): LSTMState {
    this.checkInput(input);
    if (hx !== null) checkPair('LSTMCell', hx);
    const { weights } = this;
    const [hidden, cell] = hx ?? [null, null];
    return lstmStep(inputGates(input, weights), this.state('hidden', input, hidden), this.state('cell', input, cell), weights);
  }
}

/**
 * One step of `GRU`: input `[B, inputSize]` or `[inputSize]` and state `[B, hiddenSize]`, zeros if left out, give the next state.
 * PyTorch: `torch.nn.GRUCell`.
 *
 * @throws as `RNNCell`.
 * @example h = new GRUCell(8, 16)(x, h)
 */
export class GRUCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize, options, 3);
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    this.checkInput(input);
    const { weights } = this;
    return gruStep(inputGatesOfGru(input, weights), this.state('hx', input, hx), weights);
  }
}
