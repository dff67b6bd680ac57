import type { CreationPrimitives } from '../../primitives/signatures.ts';
import type { SampleTable } from '../../primitives/tables.ts';

export const creationSamples: SampleTable<keyof CreationPrimitives> = {
  full: [
    { title: 'a matrix', inputs: [], params: { shape: [2, 3], dtype: 'float32' }, scalars: [0.1] },
    { title: 'a scalar of float64', inputs: [], params: { shape: [], dtype: 'float64' }, scalars: [0.1] },
    { title: 'no elements', inputs: [], params: { shape: [0, 3], dtype: 'float32' }, scalars: [7] },
    { title: 'not a number', inputs: [], params: { shape: [2], dtype: 'float32' }, scalars: [Number.NaN] },
    { title: 'infinity', inputs: [], params: { shape: [2], dtype: 'float32' }, scalars: [Number.NEGATIVE_INFINITY] },
    { title: 'the least int32', inputs: [], params: { shape: [3], dtype: 'int32' }, scalars: [-(2 ** 31)] },
    { title: 'uint8', inputs: [], params: { shape: [5], dtype: 'uint8' }, scalars: [255] },
    { title: 'true', inputs: [], params: { shape: [2, 1, 2], dtype: 'bool' }, scalars: [1] },
  ],
  iota: [
    { title: 'whole numbers', inputs: [], params: { length: 7, dtype: 'float32' }, scalars: [0, 1] },
    { title: 'a negative fraction as step', inputs: [], params: { length: 5, dtype: 'float32' }, scalars: [1, -0.25] },
    { title: 'float64', inputs: [], params: { length: 4, dtype: 'float64' }, scalars: [0.1, 0.1] },
    { title: 'one element', inputs: [], params: { length: 1, dtype: 'float32' }, scalars: [3, 5] },
    { title: 'no elements', inputs: [], params: { length: 0, dtype: 'float32' }, scalars: [3, 5] },
    { title: 'int32 downwards', inputs: [], params: { length: 4, dtype: 'int32' }, scalars: [2, -3] },
    { title: 'uint8', inputs: [], params: { length: 6, dtype: 'uint8' }, scalars: [250, 1] },
  ],
};
