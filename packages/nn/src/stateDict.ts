import { DataError, Tensor } from '@dl/tensor';
import { assign, describe, formatShape, sameShape } from '@dl/tensor/internal';
import { nameOf } from './members.ts';
import type { Module } from './module.ts';
import type { Buffer, Parameter } from './parameter.ts';
import { type Named, stateIn } from './walk.ts';

/** Tensors by PyTorch's names: what is saved of a model. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** What `loadStateDict` did not find, and what it had no use for. */
export interface LoadReport {
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

/** See `Module.stateDict`. */
export function takeStateDict(module: Module): StateDict {
  return Object.fromEntries(stateIn(module).map(([key, tensor]) => [key, tensor.detach()]));
}

/** See `Module.loadStateDict`. */
export function loadStateDict(module: Module, state: StateDict, { strict = true }: { readonly strict?: boolean }): LoadReport {
  if (typeof state !== 'object' || state === null)
    throw new DataError(`loadStateDict: the state must be an object of tensors by name; got ${describe(state)}`);
  const targets = stateIn(module);
  const report = compareKeys(targets, state);
  const problems = [...(strict ? keyProblems(report) : []), ...targets.flatMap(([key, target]) => valueProblems(key, target, state))];
  if (problems.length > 0)
    throw new DataError(`loadStateDict: the state must fit ${nameOf(module)}; got\n${problems.map((line) => `  ${line}`).join('\n')}`);
  const assignments = targets.flatMap(([key, target]) => {
    const value = state[key];
    return value === undefined ? [] : [{ target, value: value.detach().to(target.dtype) }];
  });
  for (const { target, value } of assignments) assign(target, value);
  return report;
}

// ---------------------------------------------------------------------------------------------------------------------

function compareKeys(targets: readonly Named<Parameter | Buffer>[], state: StateDict): LoadReport {
  const expected = new Set(targets.map(([key]) => key));
  return {
    missingKeys: [...expected].filter((key) => !Object.hasOwn(state, key)),
    unexpectedKeys: Object.keys(state).filter((key) => !expected.has(key)),
  };
}

function keyProblems({ missingKeys, unexpectedKeys }: LoadReport): string[] {
  const list = (title: string, keys: readonly string[]): string[] => (keys.length > 0 ? [`${title}: ${keys.join(', ')}`] : []);
  return [...list('missing keys', missingKeys), ...list('unexpected keys', unexpectedKeys)];
}

function valueProblems(key: string, target: Tensor, state: StateDict): string[] {
  if (!Object.hasOwn(state, key)) return [];
  const value: unknown = state[key];
  if (!(value instanceof Tensor)) return [`${key}: not a tensor but ${describe(value)}`];
  if (sameShape(value.shape, target.shape)) return [];
  return [`${key}: shape ${formatShape(value.shape)}, where the model has ${formatShape(target.shape)}`];
}
