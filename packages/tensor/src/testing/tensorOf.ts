import { allocate, type TypedArray } from '../dtype.ts';
import { leafTensor } from '../leaf.ts';
import type { SampleInput } from '../primitives/tables.ts';
import type { Tensor } from '../tensor.ts';

/** A sample's input as a tensor on the current backend. */
export function tensorOf({ shape, dtype, data }: SampleInput): Tensor {
  return leafTensor({ shape, dtype }, typedArrayOf({ shape, dtype, data }));
}

/** A sample's input as host data. */
export function typedArrayOf({ dtype, data }: SampleInput): TypedArray {
  const array = allocate(dtype, data.length);
  array.set(data);
  return array;
}
