import type { RandomPrimitives } from '../../primitives/signatures.ts';
import type { SampleTable } from '../../primitives/tables.ts';

const key = [0x12345678, 0x9abcdef0] as const;

export const randomSamples: SampleTable<keyof RandomPrimitives> = {
  randomUniform: [
    // The bits are the same on every backend, so nothing is tolerated.
    { title: 'a matrix', inputs: [], params: { shape: [3, 5], dtype: 'float32' }, scalars: [...key, 0, 7], tolerance: 0 },
    { title: 'float64', inputs: [], params: { shape: [5], dtype: 'float64' }, scalars: [...key, 0, 7], tolerance: 0 },
    { title: 'a scalar', inputs: [], params: { shape: [], dtype: 'float32' }, scalars: [...key, 0, 8], tolerance: 0 },
    { title: 'no elements', inputs: [], params: { shape: [2, 0], dtype: 'float32' }, scalars: [...key, 0, 9], tolerance: 0 },
    {
      title: 'the greatest key and counter',
      inputs: [],
      params: { shape: [9], dtype: 'float32' },
      scalars: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      tolerance: 0,
    },
    { title: 'more than a block of threads', inputs: [], params: { shape: [1001], dtype: 'float32' }, scalars: [1, 0, 1, 0], tolerance: 0 },
  ],
};
