import type { CreationPrimitives } from '../primitives/signatures.ts';
import type { ReferenceTable } from '../primitives/tables.ts';

export const creationKernels: ReferenceTable<keyof CreationPrimitives> = {
  full: ([out], _inputs, _params, [value]) => out.data.fill(value),
  /** In float64, so that every element is rounded once. */
  iota: ([{ data }], _inputs, _params, [start, step]) => {
    for (let i = 0; i < data.length; i++) data[i] = start + i * step;
  },
};
