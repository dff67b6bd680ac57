import { ArgumentError, type DType, DTypeError, type Shape, ShapeError, Tensor, transpose } from '@dl/tensor';
import { checkFloating, checkTensor, describe, formatShape, sameShape } from '@dl/tensor/internal';
import { evenTimeline, type Timeline } from '../functional/recurrentTimeline.ts';
import { PackedSequence } from '../utils/rnnPackedSequence.ts';
import type { RecurrentBase } from './recurrentBase.ts';

/** An input as the layers take it, and how to bring what they give into its layout. */
export interface RecurrentLayout {
  /** `[T, B, I]`. */
  readonly sequence: Tensor;
  readonly timeline: Timeline;
  readonly batched: boolean;
  /** What is `[T, B, …]` in the layout of the input. */
  restore(output: Tensor): Tensor;
  /** The same as the kind of thing that the input is. */
  result(output: Tensor): Tensor | PackedSequence;
}

/** @throws ShapeError, DTypeError, ArgumentError for what the layer does not take. */
export function layoutOf(layer: RecurrentBase, input: Tensor | PackedSequence): RecurrentLayout {
  return input instanceof PackedSequence ? packedLayout(layer, input) : tensorLayout(layer, input);
}

/** The initial states, batched. @throws ShapeError, DTypeError, ArgumentError for those that do not fit. */
export function checkedStates(
  layer: RecurrentBase,
  names: readonly string[],
  given: readonly Tensor[],
  { sequence, batched }: RecurrentLayout,
): readonly Tensor[] {
  const { name } = layer.constructor;
  const rows = layer.numLayers * (layer.bidirectional ? 2 : 1);
  return names.map((stateName, k) => {
    const state: unknown = given[k];
    checkTensor(name, stateName, state);
    const width = k === 0 ? layer.hiddenWidth : layer.hiddenSize;
    checkState(name, stateName, state, batched ? [rows, sequence.size(1), width] : [rows, width], sequence);
    return batched ? state : state.unsqueeze(1);
  });
}

/** Refuses what is not the two states of an LSTM. */
export function checkPair(caller: string, hx: readonly unknown[]): void {
  if (Array.isArray(hx) && hx.length === 2) return;
  throw new ArgumentError(`${caller}: hx must be [hidden, cell]; got ${describe(hx)}`);
}

/** Refuses a state of another shape or dtype. */
export function checkState(caller: string, name: string, state: Tensor, shape: Shape, input: Tensor): void {
  if (!sameShape(state.shape, shape))
    throw new ShapeError(
      `${caller}: ${name} must be ${formatShape(shape)}, as the input and the layer have it; got ${formatShape(state.shape)}`,
    );
  if (state.dtype !== input.dtype)
    throw new DTypeError(
      `${caller}: ${name} must be ${input.dtype} as the input is; got ${state.dtype}. Cast it: ${name}.to('${input.dtype}')`,
    );
}

/** Refuses an input that is no floating tensor of the weights' dtype, or has another width. */
export function checkInput(caller: string, input: Tensor, width: number, dtype: DType): void {
  checkFloating(caller, 'input', input);
  if (input.size(-1) !== width)
    throw new ShapeError(`${caller}: the input's last dim must be inputSize, ${width}; got ${formatShape(input.shape)}`);
  if (input.dtype !== dtype)
    throw new DTypeError(`${caller}: the input must be ${dtype} as the weights are; got ${input.dtype}. Cast it: input.to('${dtype}')`);
}

/** Refuses flags that are not booleans. */
export function checkFlags(caller: string, flags: Readonly<Record<string, unknown>>): void {
  for (const [name, flag] of Object.entries(flags)) {
    if (typeof flag !== 'boolean') throw new ArgumentError(`${caller}: ${name} must be true or false; got ${describe(flag)}`);
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function packedLayout(layer: RecurrentBase, { padded, packing }: PackedSequence): RecurrentLayout {
  const { name } = layer.constructor;
  if (padded.ndim !== 3)
    throw new ShapeError(`${name}: packed data must be [N, ${layer.inputSize}]; got [${['N', ...padded.shape.slice(2)].join(', ')}]`);
  checkInput(name, padded, layer.inputSize, layer.weightDtype);
  const result = (output: Tensor) => new PackedSequence({ padded: output, packing });
  return { sequence: padded, timeline: packing.lengths, batched: true, restore: (output) => output, result };
}

function tensorLayout(layer: RecurrentBase, input: Tensor): RecurrentLayout {
  const { name } = layer.constructor;
  if (!(input instanceof Tensor))
    throw new ArgumentError(`${name}: the input must be a tensor or a PackedSequence; got ${describe(input)}`);
  const { batchFirst, inputSize } = layer;
  const batched = input.ndim === 3;
  if (input.ndim !== 2 && !batched) {
    const shapes = `${batchFirst ? `[B, T, ${inputSize}]` : `[T, B, ${inputSize}]`} or [T, ${inputSize}]`;
    throw new ShapeError(`${name}: the input must be ${shapes}; got ${formatShape(input.shape)}`);
  }
  checkInput(name, input, inputSize, layer.weightDtype);
  const swapped = batched && batchFirst;
  if (input.size(swapped ? 1 : 0) === 0)
    throw new ShapeError(`${name}: a sequence must have a step; got the input ${formatShape(input.shape)}`);
  const inLayout = (x: Tensor) => (swapped ? transpose(x, 0, 1) : x);
  return {
    sequence: batched ? inLayout(input) : input.unsqueeze(1),
    timeline: evenTimeline,
    batched,
    restore: (output) => (batched ? inLayout(output) : output.squeeze({ dim: 1 })),
    result: (output) => output,
  };
}
