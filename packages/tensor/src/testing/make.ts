import type { DType } from '../dtype.ts';
import type { SampleInput } from '../primitives/tables.ts';
import { type Shape, sizeOf } from '../shape.ts';

/** Where the numbers of `noise` lie. */
export interface NoiseOptions {
  readonly least?: number;
  readonly most?: number;
  /** Another seed gives other numbers. */
  readonly seed?: number;
  readonly dtype?: 'float32' | 'float64';
}

/** Numbers that look random and are the same each time; no two of them equal, for small tensors. */
export function noise(shape: Shape, { least = -2, most = 2, seed = 1, dtype = 'float32' }: NoiseOptions = {}): SampleInput {
  return { shape, dtype, data: fractions(shape, seed).map((u) => Math.fround(least + u * (most - least))) };
}

/** The same for whole numbers in [least, most]. */
export function wholeNoise(shape: Shape, least: number, most: number, dtype: DType = 'int32', seed = 1): SampleInput {
  return { shape, dtype, data: fractions(shape, seed).map((u) => least + Math.floor(u * (most - least + 1))) };
}

/** The same for bools. */
export function boolNoise(shape: Shape, seed = 1): SampleInput {
  return wholeNoise(shape, 0, 1, 'bool', seed);
}

/** The given numbers. */
export function given(shape: Shape, data: readonly number[], dtype: DType = 'float32'): SampleInput {
  return { shape, dtype, data: dtype === 'float32' ? data.map(Math.fround) : data };
}

/** Multiples of the golden ratio, modulo 1: as even as can be. */
function fractions(shape: Shape, seed: number): number[] {
  const start = seed * 0.7548776662466927;
  return Array.from({ length: sizeOf(shape) }, (_, i) => (start + (i + 1) * 0.6180339887498949) % 1);
}
