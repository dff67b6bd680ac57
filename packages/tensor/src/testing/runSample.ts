import { apply } from '../apply.ts';
import type { PrimitiveName } from '../primitives/signatures.ts';
import type { Sample, SampleInput } from '../primitives/tables.ts';
import { Tensor } from '../tensor.ts';
import { samples } from './samples/index.ts';
import { tensorOf } from './tensorOf.ts';

/** The names of all primitives. */
export const primitiveNames = Object.keys(samples) as readonly PrimitiveName[];

/** A sample whose primitive is known at run time only. */
export interface AnySample {
  readonly title: string;
  readonly inputs: readonly SampleInput[];
  readonly params: object;
  readonly scalars: readonly number[];
  readonly differentiable?: readonly number[];
  readonly tolerance?: number;
}

/** The samples of a primitive. */
export function samplesOf(primitive: PrimitiveName): readonly AnySample[] {
  return samples[primitive] as readonly Sample<PrimitiveName>[];
}

/** The outputs of a primitive applied to a sample, or to other tensors in the place of its inputs. */
export function runSample(
  primitive: PrimitiveName,
  sample: AnySample,
  inputs: readonly Tensor[] = sample.inputs.map(tensorOf),
): readonly Tensor[] {
  // The sample is of this very primitive, so inputs, params and scalars fit; the compiler cannot follow the correlation.
  const result: Tensor | readonly Tensor[] = apply(primitive, inputs as never, sample.params as never, sample.scalars as never);
  return result instanceof Tensor ? [result] : result;
}
