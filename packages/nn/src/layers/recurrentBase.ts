import { ArgumentError, type DType, type Tensor } from '@dl/tensor';
import { checkInteger, checkTensor } from '@dl/tensor/internal';
import { checkProbability } from '../functional/checks.ts';
import { uncounted } from '../functional/recurrentCounts.ts';
import type { Recurrence } from '../functional/recurrentRuns.ts';
import { runStack } from '../functional/recurrentStack.ts';
import type { RecurrentWeights } from '../functional/recurrentSteps.ts';
import { uniformBetween } from '../init/recipes.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import type { PackedSequence } from '../utils/rnnPackedSequence.ts';
import type { FloatingOptions } from './options.ts';
import { checkedStates, checkFlags, layoutOf } from './recurrentLayout.ts';

/** What `RNN`, `LSTM` and `GRU` take. */
export interface RecurrentOptions extends FloatingOptions {
  /** How many layers lie upon each other; default 1. */
  readonly numLayers?: number;
  /** Whether biases are learned; default `true`. */
  readonly bias?: boolean;
  /** Whether inputs and outputs are `[B, T, …]` rather than `[T, B, …]`; states are not concerned. Default `false`. */
  readonly batchFirst?: boolean;
  /** The probability with which each element of what goes from one layer to the next is dropped in training; default 0. */
  readonly dropout?: number;
  /** Whether a second set of weights runs from the end to the start; default `false`. */
  readonly bidirectional?: boolean;
}

/** What makes one kind of layer differ from the others. */
export interface RecurrentKind {
  readonly recurrence: Recurrence;
  /** How many gates there are. */
  readonly gates: number;
  /** How the caller names each initial state. */
  readonly states: readonly string[];
  /** The width of the hidden state where it is projected; else 0. */
  readonly projSize: number;
}

/** What recurrent layers share: parameters, checks, layouts. */
export abstract class RecurrentBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  /** May be set at any time. */
  dropout: number;
  readonly bidirectional: boolean;
  /** The width of the projected hidden state of an LSTM, or 0. */
  readonly projSize: number;
  private readonly kind: RecurrentKind;
  /** The parameters: `weightIhL0` `[gates · H, I]`, `weightHhL0Reverse` `[gates · H, H]`, `biasIhL1`, `biasHhL1` `[gates · H]`, `weightHrL0` `[P, H]`. */
  [parameter: `${'weightIh' | 'weightHh' | 'weightHr' | 'biasIh' | 'biasHh'}L${number}${'' | 'Reverse'}`]: Parameter;

  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions, kind: RecurrentKind) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false, dtype = 'float32' } = options;
    const { name } = new.target;
    checkInteger(name, 'inputSize', inputSize, 1);
    checkInteger(name, 'hiddenSize', hiddenSize, 1);
    checkInteger(name, 'numLayers', numLayers, 1);
    checkInteger(name, 'projSize', kind.projSize, 0, hiddenSize - 1);
    checkFlags(name, { bias, batchFirst, bidirectional });
    checkDropout(name, dropout, numLayers);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = kind.projSize;
    this.kind = kind;
    for (let layer = 0; layer < numLayers; layer++)
      for (const suffix of this.suffixes()) this.addParameters(layer, `L${layer}${suffix}`, dtype);
  }

  override extraRepr(): string {
    const { inputSize, hiddenSize, projSize, numLayers, bias, batchFirst, dropout, bidirectional } = this;
    const parts = [`${inputSize}, ${hiddenSize}`];
    if (projSize !== 0) parts.push(`proj_size=${projSize}`);
    if (numLayers !== 1) parts.push(`num_layers=${numLayers}`);
    if (!bias) parts.push(`bias=${bool(bias)}`);
    if (batchFirst) parts.push(`batch_first=${bool(batchFirst)}`);
    if (dropout !== 0) parts.push(`dropout=${float(dropout)}`);
    if (bidirectional) parts.push(`bidirectional=${bool(bidirectional)}`);
    return parts.join(', ');
  }

  /** The output and the last states, in the layout of the input. */
  protected run(input: Tensor | PackedSequence, start: readonly Tensor[] | null): readonly [Tensor | PackedSequence, Tensor, ...Tensor[]] {
    const layout = layoutOf(this, input);
    const states = start === null ? null : checkedStates(this, this.kind.states, start, layout);
    const { output, last, computed } = runStack(layout.sequence, {
      recurrence: this.kind.recurrence,
      timeline: layout.timeline,
      layers: this.weights(),
      start: states,
      widths: this.kind.states.map((_, k) => (k === 0 ? this.hiddenWidth : this.hiddenSize)),
      dropout: this.training ? this.dropout : 0,
    });
    const [hidden = output, ...others] = last.map((state) => (layout.batched ? state : state.squeeze({ dim: 1 })));
    const restored = layout.restore(output);
    for (const result of [restored, hidden, ...others]) uncounted(result, computed);
    return [layout.result(restored), hidden, ...others];
  }

  /** The width of the hidden state. */
  get hiddenWidth(): number {
    return this.projSize === 0 ? this.hiddenSize : this.projSize;
  }

  /** @internal */
  get weightDtype(): DType {
    return tensorAt(this, 'weightIhL0').dtype;
  }

  private suffixes(): readonly string[] {
    return this.bidirectional ? ['', 'Reverse'] : [''];
  }

  private addParameters(layer: number, place: string, dtype: 'float32' | 'float64'): void {
    const { hiddenSize, hiddenWidth, projSize, bias } = this;
    const inputWidth = layer === 0 ? this.inputSize : hiddenWidth * this.suffixes().length;
    const rows = this.kind.gates * hiddenSize;
    const bound = 1 / Math.sqrt(hiddenSize);
    const parameter = (...shape: number[]) => new Parameter(uniformBetween(shape, dtype, -bound, bound));
    Object.assign(this, {
      [`weightIh${place}`]: parameter(rows, inputWidth),
      [`weightHh${place}`]: parameter(rows, hiddenWidth),
      ...(bias && { [`biasIh${place}`]: parameter(rows), [`biasHh${place}`]: parameter(rows) }),
      ...(projSize !== 0 && { [`weightHr${place}`]: parameter(projSize, hiddenSize) }),
    });
  }

  /** Read anew at each call: a parametrization may have put other tensors there. */
  private weights(): RecurrentWeights[][] {
    const optional = (name: string, wanted: boolean) => (wanted ? tensorAt(this, name) : null);
    return Array.from({ length: this.numLayers }, (_, layer) =>
      this.suffixes().map((suffix) => ({
        weightIh: tensorAt(this, `weightIhL${layer}${suffix}`),
        weightHh: tensorAt(this, `weightHhL${layer}${suffix}`),
        biasIh: optional(`biasIhL${layer}${suffix}`, this.bias),
        biasHh: optional(`biasHhL${layer}${suffix}`, this.bias),
        weightHr: optional(`weightHrL${layer}${suffix}`, this.projSize !== 0),
      })),
    );
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function tensorAt(owner: RecurrentBase, name: string): Tensor {
  const found: unknown = Reflect.get(owner, name);
  checkTensor(owner.constructor.name, name, found);
  return found;
}

function checkDropout(caller: string, p: number, numLayers: number): void {
  checkProbability(caller, 'dropout', p);
  if (p === 0 || numLayers > 1) return;
  throw new ArgumentError(
    `${caller}: dropout is between layers and needs two or more; got dropout ${p} and numLayers ${numLayers}. Put a Dropout behind the layer`,
  );
}
