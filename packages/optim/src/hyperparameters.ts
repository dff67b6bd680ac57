import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';

/** Refuses what is not a finite number from 0 up. */
export function checkNonNegative(caller: string, name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
  throw new ArgumentError(`${caller}: ${name} must be a finite number from 0 up; got ${describe(value)}`);
}

/** Refuses what is not a finite number. */
export function checkFinite(caller: string, name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw new ArgumentError(`${caller}: ${name} must be a finite number; got ${describe(value)}`);
}

/** Refuses what is not a number from a least to a greatest. */
export function checkBetween(caller: string, name: string, value: unknown, least: number, greatest: number): void {
  if (typeof value === 'number' && value >= least && value <= greatest) return;
  throw new ArgumentError(`${caller}: ${name} must be a number from ${least} to ${greatest}; got ${describe(value)}`);
}

/** Refuses hyperparameters that are not finite numbers from 0 up. */
export function checkAllNonNegative(caller: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) checkNonNegative(caller, name, value);
}

/** Refuses hyperparameters that are neither true nor false. */
export function checkFlags(caller: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) checkFlag(caller, name, value);
}

/** Refuses what is not a list of so many finite numbers. */
export function checkNumbers(caller: string, name: string, values: unknown, count: number): void {
  if (Array.isArray(values) && values.length === count && values.every(Number.isFinite)) return;
  throw new ArgumentError(`${caller}: ${name} must be ${count} finite numbers; got ${describe(values)}`);
}

/** Refuses what is neither true nor false. */
export function checkFlag(caller: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ArgumentError(`${caller}: ${name} must be true or false; got ${describe(value)}`);
}

/** Refuses what is not two numbers in [0, 1). */
export function checkBetas(caller: string, betas: unknown): void {
  const inRange = (beta: unknown): boolean => typeof beta === 'number' && beta >= 0 && beta < 1;
  if (Array.isArray(betas) && betas.length === 2 && betas.every(inRange)) return;
  throw new ArgumentError(`${caller}: betas must be two numbers in [0, 1); got ${describe(betas)}`);
}
