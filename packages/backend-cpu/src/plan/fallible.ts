import { indexCheckOf, type PrimitiveName } from '@dl/tensor/internal';
import type { Source } from './source.ts';

/** Their positions are within what they point into by construction. */
const trusted: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>(['maxPool']);

/**
 * Inputs of the run that are read as indices: where they came from the host they were checked there.
 * `null` if a graph computes indices by itself, so that its run can fail whatever it is given.
 */
export function fallibleInputs(source: Source): readonly number[] | null {
  const indices = source.graph.instructions.flatMap((_, position) => untrustedIndices(source, position));
  return indices.every((value) => !source.writers.has(value)) ? indices : null;
}

/** Whether the kernel of an instruction may find an index out of range. */
export function isFallible(source: Source, position: number): boolean {
  return untrustedIndices(source, position).length > 0;
}

/** The value that an instruction reads as indices, unless they are what they should be by construction. */
function untrustedIndices(source: Source, position: number): readonly number[] {
  const { primitive, inputs, params } = source.at(position);
  const specs = inputs.map((value) => source.specOf(value));
  const check = indexCheckOf(primitive, specs, params);
  const value = check === null ? undefined : inputs[check.input];
  const writer = value === undefined ? undefined : source.writers.get(value);
  return value === undefined || (writer !== undefined && trusted.has(source.at(writer).primitive)) ? [] : [value];
}
