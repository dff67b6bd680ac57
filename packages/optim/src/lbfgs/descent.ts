import { evaluate, ones, type Tensor } from '@dl/tensor';
import { stateTensor } from '@dl/tensor/internal';
import { directionOf, dot, type History } from './direction.ts';
import type { LBFGSOptions } from './lbfgs.ts';
import type { Memory } from './memory.ts';
import { built, type Objective, type Reading, settled } from './objective.ts';
import { type Point, strongWolfe } from './strongWolfe.ts';

/** How it stands within one call of `step`. */
interface State {
  readonly memory: Memory;
  /** The loss where the parameters are, and its gradient. */
  readonly value: number;
  readonly gradient: Tensor;
  readonly evaluations: number;
  /** Whether to stop here. */
  readonly done: boolean;
}

/** One call of `LBFGS.step`: gives the loss from before, and what to remember. */
export async function descend(
  objective: Objective,
  options: LBFGSOptions,
  memory: Memory,
): Promise<{ readonly loss: Tensor; readonly memory: Memory }> {
  const first = await objective.read();
  const { loss, value, gradient } = first;
  let state: State = { memory, value, gradient, evaluations: 1, done: first.greatest <= options.toleranceGrad };
  for (let i = 1; i <= options.maxIter && !state.done; i++) state = await iterate(objective, options, state, i === options.maxIter);
  return { loss, memory: { ...state.memory, funcEvals: memory.funcEvals + state.evaluations } };
}

async function iterate(objective: Objective, options: LBFGSOptions, state: State, isLast: boolean): Promise<State> {
  const { value, gradient } = state;
  const { history, scale } = await remembered(state, options.historySize);
  const direction = await settled(built(() => directionOf(gradient, history, scale)));
  const measures = built(() => ({ slope: dot(gradient, direction), reach: direction.abs().max(), sum: gradient.abs().sum() }));
  await evaluate(measures.slope, measures.reach, measures.sum);
  const [slope, reach] = [await measures.slope.item(), await measures.reach.item()];
  const nIter = state.memory.nIter + 1;
  const length = nIter === 1 ? Math.min(1, 1 / (await measures.sum.item())) * options.lr : options.lr;
  const memory: Memory = { ...state.memory, nIter, history, last: { direction, length, gradient, loss: value, scale } };
  if (slope > -options.toleranceChange) return { ...state, memory, done: true };
  const line: Line = { objective, direction, slope, reach, length, options, isLast };
  const arrival = await (options.lineSearchFn === null ? stride(line, state) : search(line, state));
  const evaluations = state.evaluations + arrival.evaluations;
  const still = reach * arrival.length <= options.toleranceChange || Math.abs(arrival.value - value) < options.toleranceChange;
  const done = evaluations >= options.maxEval || arrival.greatest <= options.toleranceGrad || still;
  const last = { direction, length: arrival.length, gradient, loss: value, scale };
  return { memory: { ...memory, last }, value: arrival.value, gradient: arrival.gradient, evaluations, done };
}

/** The history with the last change, and what the estimate of the inverse Hessian starts with. */
async function remembered({ memory, gradient }: State, most: number): Promise<{ readonly history: History; readonly scale: Tensor }> {
  const { history, last } = memory;
  if (last === null) return { history, scale: ones([], { dtype: gradient.dtype }) };
  const recipes = built(() => ({ change: gradient.sub(last.gradient), step: last.direction.mul(last.length) }));
  const product = built(() => dot(recipes.change, recipes.step));
  const inverse = built(() => product.reciprocal());
  const scale = built(() => product.div(dot(recipes.change, recipes.change)));
  await evaluate(recipes.change, recipes.step, product, inverse, scale);
  if (!((await product.item()) > 1e-10)) return { history, scale: last.scale };
  const appended = (list: readonly Tensor[], next: Tensor): readonly Tensor[] => [...list, stateTensor(next)].slice(-most);
  return {
    history: {
      oldDirs: appended(history.oldDirs, recipes.change),
      oldStps: appended(history.oldStps, recipes.step),
      ro: appended(history.ro, inverse),
    },
    scale: stateTensor(scale),
  };
}

/** A direction to follow from where the parameters are. */
interface Line {
  readonly objective: Objective;
  readonly direction: Tensor;
  readonly slope: number;
  /** The greatest absolute value in the direction. */
  readonly reach: number;
  /** The length to begin with. */
  readonly length: number;
  readonly options: LBFGSOptions;
  /** Whether no direction comes after it. */
  readonly isLast: boolean;
}

/** Where a direction has led. */
interface Arrival extends Pick<Reading, 'value' | 'gradient' | 'greatest'> {
  readonly length: number;
  readonly evaluations: number;
}

/** A step of given length. */
async function stride({ objective, direction, length, isLast }: Line, { value, gradient }: State): Promise<Arrival> {
  await objective.walk(await objective.place(), direction, length);
  if (isLast) return { value, gradient, greatest: Number.POSITIVE_INFINITY, length, evaluations: 0 };
  return { ...(await objective.read()), length, evaluations: 1 };
}

/** A step of a length that is searched for. */
async function search(line: Line, { value, gradient, evaluations: before }: State): Promise<Arrival> {
  const { objective, direction, slope, reach, length, options } = line;
  const origin = await objective.place();
  const evaluateAt = async (at: number): Promise<Point> => {
    await objective.walk(origin, direction, at);
    const there = await objective.read();
    return { at, value: there.value, gradient: there.gradient, slope: await built(() => dot(there.gradient, direction)).item() };
  };
  const { point, evaluations } = await strongWolfe(evaluateAt, { at: 0, value, slope, gradient }, length, {
    reach,
    toleranceChange: options.toleranceChange,
    most: options.maxEval - before,
  });
  await objective.walk(origin, direction, point.at);
  const greatest = await built(() => point.gradient.abs().max()).item();
  return { value: point.value, gradient: point.gradient, greatest, length: point.at, evaluations };
}
