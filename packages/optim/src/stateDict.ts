import { DataError, Tensor } from '@dl/tensor';
import { describe, formatShape, sameShape } from '@dl/tensor/internal';
import { ParameterState } from './parameterState.ts';
import type { ParamGroup } from './paramGroups.ts';

/** What an optimizer remembers, with PyTorch's names. */
export interface OptimizerStateDict {
  /** Per parameter, by its number: tensors such as `exp_avg`, and `step`. */
  readonly state: Readonly<Record<number, Readonly<Record<string, Tensor | number | null>>>>;
  /** The hyperparameters of each group, and the numbers of its parameters. */
  readonly param_groups: readonly (Readonly<Record<string, unknown>> & { readonly params: readonly number[] })[];
}

type Groups = readonly ParamGroup<object>[];
type States = ReadonlyMap<Tensor, ParameterState>;

/** See `Optimizer.stateDict`. */
export function takeOptimizerState(groups: Groups, states: States, names: readonly string[]): OptimizerStateDict {
  const numbers = new Map(groups.flatMap(({ params }) => params).map((parameter, i) => [parameter, i]));
  return {
    state: Object.fromEntries(
      [...numbers].flatMap(([parameter, i]) => entriesOf(states.get(parameter), names).map((entries) => [i, entries])),
    ),
    param_groups: groups.map(({ params, ...options }) => ({
      ...renamed(options, keyOf),
      params: params.map((parameter) => numbers.get(parameter) ?? -1),
    })),
  };
}

/** See `Optimizer.loadStateDict`. Changes nothing. */
export function loadOptimizerState(
  caller: string,
  dict: OptimizerStateDict,
  groups: Groups,
  optionNames: readonly string[],
  stateNames: readonly string[],
): { readonly options: readonly object[]; readonly states: States } {
  const problems = groupProblems(dict, groups);
  if (problems.length > 0) throw fitError(caller, problems);
  const numbered = dict.param_groups.flatMap(({ params }, g) => params.map((number, i) => [number, groups[g]?.params[i]] as const));
  const misfits = numbered.flatMap(([number, parameter]) => stateProblems(number, parameter, dict.state[number], stateNames));
  if (misfits.length > 0) throw fitError(caller, misfits);
  const states = numbered.flatMap(([number, parameter]) => {
    const entries = dict.state[number];
    return entries === undefined || parameter === undefined ? [] : [[parameter, restored(parameter, entries)] as const];
  });
  return { options: dict.param_groups.map((group) => optionsIn(group, optionNames)), states: new Map(states) };
}

// ---------------------------------------------------------------------------------------------------------------------

/** A name as PyTorch spells it: `weightDecay` is `weight_decay`. */
function keyOf(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function renamed(options: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}

function entriesOf(state: ParameterState | undefined, names: readonly string[]): Record<string, Tensor | number>[] {
  if (state === undefined || state.step === 0) return [];
  const tensors = [...state.slots].map(([name, tensor]) => [keyOf(name), tensor.detach()] as const);
  const step = names.includes('step') ? [['step', state.step] as const] : [];
  const entries = Object.fromEntries<Tensor | number>([...step, ...tensors]);
  return Object.keys(entries).length === 0 ? [] : [entries];
}

function restored(parameter: Tensor, entries: Readonly<Record<string, Tensor | number | null>>): ParameterState {
  const state = new ParameterState(parameter);
  state.step = typeof entries.step === 'number' ? entries.step : 1;
  for (const [key, value] of Object.entries(entries)) {
    if (value instanceof Tensor) state.fill(nameOf(key), value.detach().to(parameter.dtype));
  }
  return state;
}

function nameOf(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function optionsIn(group: object, names: readonly string[]): object {
  const entries = Object.entries(group).map(([key, value]) => [nameOf(key), value] as const);
  return Object.fromEntries(entries.filter(([name]) => names.includes(name)));
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

function stateProblems(number: number, parameter: Tensor | undefined, entries: unknown, names: readonly string[]): string[] {
  if (entries === undefined || parameter === undefined) return [];
  if (typeof entries !== 'object' || entries === null) return [`parameter ${number}: no state but ${describe(entries)}`];
  return Object.entries(entries).flatMap(([key, value]) => {
    const problem = entryProblem(key, value, parameter, names);
    return problem === null ? [] : [`parameter ${number}: ${problem}`];
  });
}

function entryProblem(key: string, value: unknown, { shape }: Tensor, names: readonly string[]): string | null {
  if (!names.includes(nameOf(key))) return `${key}, of which this optimizer knows nothing`;
  if (key === 'step')
    return Number.isSafeInteger(value) && Number(value) >= 0 ? null : `step must be a whole number from 0 up, not ${describe(value)}`;
  if (value === null) return null;
  if (!(value instanceof Tensor)) return `${key} must be a tensor, not ${describe(value)}`;
  return sameShape(value.shape, shape)
    ? null
    : `${key} of shape ${formatShape(value.shape)}, where the parameter has ${formatShape(shape)}`;
}

function fitError(caller: string, problems: readonly string[]): DataError {
  return new DataError(`loadStateDict: the state must fit this ${caller}; got\n${problems.map((line) => `  ${line}`).join('\n')}`);
}
