import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { Optimizer } from '../optimizer.ts';

/** A group of parameters, as schedulers see it: what they set, and what they note there. */
export interface ScheduledGroup {
  lr: number;
  momentum?: number;
  betas?: readonly [number, number];
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
  swaLr?: number;
}

/** An optimizer, as schedulers see it. */
export interface Scheduled {
  readonly paramGroups: readonly ScheduledGroup[];
  readonly defaults: object;
}

/** Refuses what is no optimizer. */
export function checkOptimizer(caller: string, optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new ArgumentError(`${caller}: optimizer must be an optimizer; got ${describe(optimizer)}`);
}

/** The rates of the groups now. */
export function ratesOf({ paramGroups }: Scheduled): readonly number[] {
  return paramGroups.map(({ lr }) => lr);
}

/** One value a group: as given, or the same for all. */
export function perGroup<T>(caller: string, name: string, { paramGroups }: Scheduled, given: T | readonly T[]): readonly T[] {
  if (!isList(given)) return paramGroups.map(() => given);
  if (given.length === paramGroups.length) return [...given];
  throw new ArgumentError(`${caller}: ${name} must be one value, or one a group; got ${given.length} for ${paramGroups.length} groups`);
}

/** Refuses what is not a list of finite numbers. */
export function checkRates(caller: string, name: string, values: readonly unknown[]): void {
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined || values.includes(undefined))
    throw new ArgumentError(`${caller}: ${name} must be finite numbers; got ${describe(bad)}`);
}

/** Sets what an optimizer has of momentum: `momentum`, or the first of its `betas`. */
export function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}

/** Refuses to cycle the momentum of an optimizer that has none; says whether it is the first of its betas. */
export function usesBeta1(caller: string, { defaults }: Scheduled): boolean {
  if ('betas' in defaults) return true;
  if ('momentum' in defaults) return false;
  throw new ArgumentError(`${caller}: cycleMomentum needs an optimizer with momentum or betas; got neither. Set cycleMomentum: false`);
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
