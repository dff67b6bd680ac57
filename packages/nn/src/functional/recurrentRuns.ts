import { select, stack, type Tensor, zeros } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { inputGates, inputGatesOfGru, lstmStep, type Nonlinearity, type RecurrentWeights } from './recurrentSteps.ts';
import type { Timeline } from './recurrentTimeline.ts';

/** One layer in one direction. */
export interface RecurrentRun {
  /** `[T, B, I]`. */
  readonly x: Tensor;
  readonly weights: RecurrentWeights;
  /** The states that it starts from, each `[B, H]`: the hidden state, and of an LSTM the cell. */
  readonly start: readonly Tensor[];
  /** Whether it begins at the end. */
  readonly reverse: boolean;
  readonly timeline: Timeline;
}

/** The states behind each step, `[T, B, H]` each, the hidden one first. */
export type Recurrence = (run: RecurrentRun) => readonly Tensor[];

/** A plain recurrent layer. */
export function rnnRun(nonlinearity: Nonlinearity): Recurrence {
  return ({ x, weights, start: [h], reverse, timeline }) => {
    const gates = inputGates(x, weights);
    // Behind the end of a sequence, relu could grow to infinity, which gradients would multiply by zero.
    const bounded = nonlinearity === 'tanh' ? gates : timeline.silenced(gates);
    return h === undefined ? [] : [apply('rnn', [bounded, h, weights.weightHh], { nonlinearity, reverse }, [])];
  };
}

/** A layer of gated recurrent units. */
export function gruRun({ x, weights, start: [h], reverse }: RecurrentRun): readonly Tensor[] {
  if (h === undefined) return [];
  const { weightHh, biasHh } = weights;
  const size = h.size(1);
  const bias = biasHh === null ? zeros([size], { dtype: x.dtype }) : biasHh.narrow(0, 2 * size, size);
  return [apply('gru', [inputGatesOfGru(x, weights), h, weightHh, bias], { reverse }, [])[0]];
}

/** A layer of long short-term memory. */
export function lstmRun({ x, weights, start: [h, c], reverse }: RecurrentRun): readonly Tensor[] {
  if (h === undefined || c === undefined) return [];
  const gates = inputGates(x, weights);
  if (weights.weightHr !== null) return projectedRun(gates, weights, [h, c], reverse);
  const [output, cells] = apply('lstm', [gates, h, c, weights.weightHh], { reverse }, []);
  return [output, cells];
}

/** Step by step, since what the gates see is not what the cell gives. */
function projectedRun(gates: Tensor, weights: RecurrentWeights, start: readonly [Tensor, Tensor], reverse: boolean): readonly Tensor[] {
  const steps = Array.from({ length: gates.size(0) }, (_, t) => t);
  let state = start;
  const states = (reverse ? steps.reverse() : steps).map((t) => {
    state = lstmStep(select(gates, 0, t), ...state, weights);
    return state;
  });
  if (reverse) states.reverse();
  return [stack(states.map(([h]) => h)), stack(states.map(([, c]) => c))];
}
