import type { TensorSpec, TypedArray } from '@dl/tensor';
import { allocate, inferSpecs, type Operand, type PrimitiveName, referenceKernels, sizeOf } from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import { encode } from '../encode/index.ts';
import type { Engine } from '../engine/engine.ts';
import { runEncoding } from './runEncoding.ts';

/** A primitive applied to elements. */
export interface Applied {
  readonly primitive: PrimitiveName;
  readonly inputs: readonly (TensorSpec & { readonly data: TypedArray })[];
  readonly params?: object;
  readonly scalars?: readonly number[];
  /** The input, by number, whose memory each output takes; one of its own by default. */
  readonly inPlaceOf?: readonly number[];
  /** Outputs that nobody reads, by number. */
  readonly unread?: readonly number[];
}

/** Where the kernel of a primitive finds something else than the reference: `null` if nowhere. Without a tolerance every bit counts, but NaN is NaN. */
export function differenceFromReference(engine: Engine, applied: Applied, tolerance?: number): string | null {
  const { primitive, inputs, params = {}, scalars = [], inPlaceOf = [], unread = [] } = applied;
  const specs = [inferSpecs(primitive, inputs, params)].flat();
  const arrays = inputs.map(({ data }) => data);
  const found = runEncoding(engine, encode(primitive, { inputs, outputs: specs, params }), {
    inputs: arrays,
    outputs: specs,
    scalars,
    inPlaceOf,
    unread,
  });
  const expected = specs.map(({ shape, dtype }) => ({ shape, data: allocate(dtype, sizeOf(shape)) }));
  // The kernel is of this very primitive; the compiler cannot follow the correlation.
  const kernel = referenceKernels[primitive] as (...args: readonly never[]) => void;
  kernel(expected as readonly Operand[] as never, inputs as never, params as never, scalars as never);
  const differences = expected.map(({ data }, i) => {
    if (unread.includes(i)) return null;
    const own = found[i] ?? [];
    const place = difference(own, data, tolerance);
    return place === null && tolerance === undefined ? signDifference(own, data) : place;
  });
  const output = differences.findIndex((text) => text !== null);
  return output === -1 ? null : `output ${output}: ${differences[output]}`;
}

function signDifference(actual: ArrayLike<number>, expected: TypedArray): string | null {
  const place = expected.findIndex((value, i) => !Object.is(actual[i], value));
  return place === -1 ? null : `element ${place}: got ${actual[place]}, expected ${expected[place]} with its sign`;
}
