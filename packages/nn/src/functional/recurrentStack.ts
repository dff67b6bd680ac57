import { dropout, select, stack, type Tensor, zeros } from '@dl/tensor';
import type { Recurrence } from './recurrentRuns.ts';
import { type RecurrentWeights, sideBySide } from './recurrentSteps.ts';
import type { Timeline } from './recurrentTimeline.ts';

/** Layers upon each other, each in one direction or two. */
export interface RecurrentStack {
  readonly recurrence: Recurrence;
  readonly timeline: Timeline;
  /** Of each layer, by direction. */
  readonly layers: readonly (readonly RecurrentWeights[])[];
  /** The initial states, `[layers · directions, B, H]` each; `null` for zeros. */
  readonly start: readonly Tensor[] | null;
  /** The widths of the states. */
  readonly widths: readonly number[];
  /** How much of what goes from layer to layer drops out. */
  readonly dropout: number;
}

/** What layers upon each other give. */
export interface StackResult {
  /** `[T, B, directions · H]` of the last layer. */
  readonly output: Tensor;
  /** The last states, `[layers · directions, B, H]` each. */
  readonly last: readonly Tensor[];
  /** The states behind all steps of all layers and directions, of which the rest are parts. */
  readonly computed: readonly Tensor[];
}

/** Runs `[T, B, I]` through the layers. */
export function runStack(input: Tensor, given: RecurrentStack): StackResult {
  let x = input;
  const computed: Tensor[] = [];
  const ends: (readonly Tensor[])[] = [];
  given.layers.forEach((directions, layer) => {
    const dropped = layer === 0 ? x : dropout(x, { p: given.dropout, training: given.dropout > 0 });
    const outputs = directions.map((weights, direction) => {
      const done = runDirection(dropped, weights, direction === 1, initial(given, ends.length, x), given);
      computed.push(...done.states);
      ends.push(done.last);
      return done.output;
    });
    x = sideBySide(outputs);
  });
  const last = given.widths.map((_, k) => stack(ends.flatMap((states) => states.slice(k, k + 1))));
  return { output: x, last, computed };
}

// ---------------------------------------------------------------------------------------------------------------------

interface Direction {
  readonly states: readonly Tensor[];
  readonly output: Tensor;
  readonly last: readonly Tensor[];
}

function runDirection(
  x: Tensor,
  weights: RecurrentWeights,
  backward: boolean,
  start: readonly Tensor[],
  { recurrence, timeline }: RecurrentStack,
): Direction {
  const reverse = backward && timeline.even;
  const faced = backward ? timeline.turned(x) : x;
  const states = recurrence({ x: faced, weights, start, reverse, timeline });
  const [hidden = faced] = states;
  return {
    states,
    output: backward ? timeline.turned(hidden) : hidden,
    last: states.map((state) => (reverse ? select(state, 0, 0) : timeline.last(state))),
  };
}

/** The states that one direction of one layer starts from. */
function initial({ start, widths }: RecurrentStack, index: number, x: Tensor): readonly Tensor[] {
  if (start !== null) return start.map((states) => select(states, 0, index));
  return widths.map((width) => zeros([x.size(1), width], { dtype: x.dtype }));
}
