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
