import type { DType } from '@dl/tensor';
import { type CreationPrimitives, sizeOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { type KernelLaunch, type KernelTable, output } from './table.ts';

/** A number as an element of a dtype. */
const stored: Readonly<Record<DType, (value: number) => number>> = {
  float32: (value) => value,
  float64: (value) => value,
  int32: (value) => value | 0,
  uint8: (value) => value & 255,
  bool: (value) => (value === 0 ? 0 : 1),
};

export const creationKernels: KernelTable<keyof CreationPrimitives> = {
  full: ({ params: { shape, dtype } }) => [{ fill: ([value = 0]) => stored[dtype](value), size: sizeOf(shape), target: output(0) }],
  /** On the host, in float64, so that every element is rounded once. */
  iota: ({ params: { length, dtype } }) => [
    {
      host: ([start = 0, step = 0]) => Float32Array.from({ length }, (_, i) => stored[dtype](start + i * step)),
      size: length,
      target: output(0),
    },
  ],
};

/** Fills a tensor with the number that the launch is given. */
export function fillLaunch(size: number): KernelLaunch {
  return { program: fillProgram, size, arrays: [], numbers: [], target: output(0) };
}

const fillProgram: Program = { key: 'fill', arrays: [], integers: [], floats: ['value'], body: 'return value;' };
