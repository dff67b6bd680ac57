import { DataError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';

/** Where a scheduler stands: plain values under PyTorch's names, which survive JSON (but for infinities). */
export type SchedulerStateDict = Readonly<Record<string, unknown>>;

/** A copy of settings, with `null` for functions. */
export function takeState<T extends object>(settings: T): SchedulerStateDict {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, plain(value)]));
}

/** Settings and the rest out of a state dict, or an error that lists what does not fit. Functions stay as they are. */
export function loadedState<Settings extends object, Rest extends object>(
  caller: string,
  settings: Settings,
  rest: Rest,
  dict: unknown,
): { readonly settings: Settings; readonly rest: Rest } {
  if (typeof dict !== 'object' || dict === null) throw misfit(caller, [`no state but ${describe(dict)}`]);
  const problems = Object.entries({ ...settings, ...rest }).flatMap(([key, own]) => problemsOf(key, own, Reflect.get(dict, key)));
  if (problems.length > 0) throw misfit(caller, problems);
  return { settings: merged(settings, dict), rest: merged(rest, dict) };
}

function misfit(caller: string, problems: readonly string[]): DataError {
  return new DataError(`loadStateDict: the state must fit this ${caller}; got\n${problems.map((line) => `  ${line}`).join('\n')}`);
}

/** Where a value is of another kind than what is there. */
function problemsOf(key: string, own: unknown, given: unknown): string[] {
  if (typeof own === 'function' || own === null || sameKind(own, given)) return [];
  return [`${key} must be like ${describe(own)}, not ${describe(given)}`];
}

function sameKind(own: unknown, given: unknown): boolean {
  if (typeof own === 'function') return given === null;
  if (typeof own === 'number') return typeof given === 'number' && !Number.isNaN(given);
  if (Array.isArray(own)) return Array.isArray(given) && given.length === own.length && own.every((item, i) => sameKind(item, given[i]));
  if (typeof own === 'object' && own !== null) return typeof given === 'object' && given !== null && !Array.isArray(given);
  return typeof own === typeof given;
}

function merged<T extends object>(own: T, dict: object): T {
  const entries = Object.entries(own).map(([key, value]) => [key, replaced(value, Reflect.get(dict, key))]);
  return Object.assign({ ...own }, Object.fromEntries(entries));
}

function replaced(own: unknown, given: unknown): unknown {
  if (typeof own === 'function') return own;
  if (Array.isArray(own) && Array.isArray(given)) return given.map((item, i) => replaced(own[i], item));
  return plain(given);
}

function plain(value: unknown): unknown {
  if (typeof value === 'function') return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return takeState(value);
  return value;
}
