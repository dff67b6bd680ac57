import { DataError, type Shape, Tensor } from '@dl/tensor';
import { describe, formatShape, sameShape } from '@dl/tensor/internal';
import { ParameterState } from './parameterState.ts';
import type { ParamGroup } from './paramGroups.ts';

/** One thing that an optimizer remembers. */
export type StateEntry = Tensor | number | null | readonly (Tensor | number)[];

/** What an optimizer remembers, with PyTorch's names. */
export interface OptimizerStateDict {
  /** Per parameter, by its number: tensors such as `exp_avg`, and `step`. */
  readonly state: Readonly<Record<number, Readonly<Record<string, StateEntry>>>>;
  /** The hyperparameters of each group, and the numbers of its parameters. */
  readonly param_groups: readonly (Readonly<Record<string, unknown>> & { readonly params: readonly number[] })[];
}

/** What a state dict of one optimizer may hold. */
export interface StateLayout {
  /** The names of hyperparameters. */
  readonly optionNames: readonly string[];
  /** The names of what is remembered of a parameter. */
  readonly stateNames: readonly string[];
  /** Those of them that are numbers, beside `step`. */
  readonly numberNames: readonly string[];
  /** The shape of one of the tensors. */
  shapeOf(name: string, parameter: Tensor): Shape;
}

/** What schedulers keep in a group, beside its hyperparameters. */
const scheduledNames: readonly string[] = ['initialLr', 'maxLr', 'minLr', 'maxMomentum', 'baseMomentum', 'swaLr'];

type Groups = readonly ParamGroup<object>[];
type States = ReadonlyMap<Tensor, ParameterState>;

/** See `Optimizer.stateDict`. */
export function takeOptimizerState(groups: Groups, states: States, names: readonly string[]): OptimizerStateDict {
  const parameters = groups.flatMap(({ params }) => params);
  const state = parameters.flatMap((parameter, i) => entriesOf(states.get(parameter), names).map((entries) => [i, entries] as const));
  return { state: Object.fromEntries(state), param_groups: takeGroups(groups) };
}

/** The hyperparameters of groups under PyTorch's names, with the numbers of their parameters. */
export function takeGroups(groups: Groups): OptimizerStateDict['param_groups'] {
  let count = 0;
  return groups.map(({ params, ...options }) => ({ ...renamed(options, keyOf), params: params.map(() => count++) }));
}

/** See `Optimizer.loadStateDict`. Changes nothing. */
export function loadOptimizerState(
  caller: string,
  dict: OptimizerStateDict,
  groups: Groups,
  layout: StateLayout,
): { readonly options: readonly object[]; readonly states: States } {
  const options = loadGroups(caller, dict, groups, layout.optionNames);
  const numbered = dict.param_groups.flatMap(({ params }, g) => params.map((number, i) => [number, groups[g]?.params[i]] as const));
  const misfits = numbered.flatMap(([number, parameter]) => stateProblems(number, parameter, dict.state[number], layout));
  if (misfits.length > 0) throw fitError(caller, misfits);
  const states = numbered.flatMap(([number, parameter]) => {
    const entries = dict.state[number];
    return entries === undefined || parameter === undefined ? [] : [[parameter, restored(parameter, entries)] as const];
  });
  return { options, states: new Map(states) };
}

/** The hyperparameters that a state dict has for each group. */
export function loadGroups(caller: string, dict: OptimizerStateDict, groups: Groups, optionNames: readonly string[]): readonly object[] {
  const problems = groupProblems(dict, groups);
  if (problems.length > 0) throw fitError(caller, problems);
  return dict.param_groups.map((group) => optionsIn(group, optionNames));
}

/** The error of a state dict of another optimizer. */
export function fitError(caller: string, problems: readonly string[]): DataError {
  return new DataError(`loadStateDict: the state must fit this ${caller}; got\n${problems.map((line) => `  ${line}`).join('\n')}`);
}

// ---------------------------------------------------------------------------------------------------------------------

/** A name as PyTorch spells it: `weightDecay` is `weight_decay`. */
function keyOf(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function nameOf(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function renamed(options: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}

function entriesOf(state: ParameterState | undefined, names: readonly string[]): Record<string, Tensor | number>[] {
  if (state === undefined || (state.step === 0 && state.slots.size === 0)) return [];
  const tensors = [...state.slots].map(([name, tensor]) => [keyOf(name), tensor.detach()] as const);
  const numbers = [...state.numbers].map(([name, value]) => [keyOf(name), value] as const);
  const step = names.includes('step') ? [['step', state.step] as const] : [];
  const entries = Object.fromEntries<Tensor | number>([...step, ...numbers, ...tensors]);
  return Object.keys(entries).length === 0 ? [] : [entries];
}

function restored(parameter: Tensor, entries: Readonly<Record<string, StateEntry>>): ParameterState {
  const state = new ParameterState(parameter);
  state.step = typeof entries.step === 'number' ? entries.step : 1;
  for (const [key, value] of Object.entries(entries)) {
    if (value instanceof Tensor) state.fill(nameOf(key), value.detach().to(parameter.dtype));
    else if (typeof value === 'number' && key !== 'step') state.setNumber(nameOf(key), value);
  }
  return state;
}

function optionsIn(group: object, names: readonly string[]): object {
  const entries = Object.entries(group).map(([key, value]) => [nameOf(key), value] as const);
  return Object.fromEntries(
    entries.filter(([name, value]) => names.includes(name) || (scheduledNames.includes(name) && Number.isFinite(value))),
  );
}

function groupProblems(dict: OptimizerStateDict, groups: Groups): string[] {
  if (typeof dict?.state !== 'object' || dict.state === null || !Array.isArray(dict.param_groups)) return ['no { state, param_groups }'];
  if (dict.param_groups.length !== groups.length) return [`${dict.param_groups.length} groups, where the optimizer has ${groups.length}`];
  return groups.flatMap(({ params }, i) => {
    const numbers: unknown = dict.param_groups[i]?.params;
    if (Array.isArray(numbers) && numbers.length === params.length) return [];
    return [`group ${i}: ${Array.isArray(numbers) ? numbers.length : 'no'} parameters, where the optimizer has ${params.length}`];
  });
}

function stateProblems(number: number, parameter: Tensor | undefined, entries: unknown, layout: StateLayout): string[] {
  if (entries === undefined || parameter === undefined) return [];
  if (typeof entries !== 'object' || entries === null) return [`parameter ${number}: no state but ${describe(entries)}`];
  return Object.entries(entries).flatMap(([key, value]) => {
    const problem = entryProblem(key, value, parameter, layout);
    return problem === null ? [] : [`parameter ${number}: ${problem}`];
  });
}

function entryProblem(key: string, value: unknown, parameter: Tensor, layout: StateLayout): string | null {
  const name = nameOf(key);
  if (!layout.stateNames.includes(name)) return `${key}, of which this optimizer knows nothing`;
  if (key === 'step')
    return Number.isSafeInteger(value) && Number(value) >= 0 ? null : `step must be a whole number from 0 up, not ${describe(value)}`;
  if (value === null) return null;
  if (layout.numberNames.includes(name)) return Number.isFinite(value) ? null : `${key} must be a finite number, not ${describe(value)}`;
  if (!(value instanceof Tensor)) return `${key} must be a tensor, not ${describe(value)}`;
  const shape = layout.shapeOf(name, parameter);
  return sameShape(value.shape, shape)
    ? null
    : `${key} of shape ${formatShape(value.shape)}, where the parameter has ${formatShape(shape)}`;
}
