import { inferSpecs } from '../apply.ts';
import { internalError } from '../errors.ts';
import type { Graph, GraphValue, Instruction, Location } from '../graph/graph.ts';
import { views } from '../primitives/properties.ts';
import type { PrimitiveName } from '../primitives/signatures.ts';
import type { InputsOf, ParamsOf } from '../primitives/tables.ts';
import type { TensorSpec } from '../shape.ts';

/** One line of a program: values are numbered, the inputs first, then what each line makes. */
export type Line<N extends PrimitiveName = PrimitiveName> = {
  readonly [K in N]: readonly [primitive: K, inputs: InputsOf<K, number>, params: ParamsOf<K>, scalars?: readonly number[]];
}[N];

/** What a run leaves behind: a value, perhaps in the memory of an input. */
export interface Root {
  readonly value: number;
  readonly donated?: number;
  readonly resident?: boolean;
}

/** A line whose primitive is known at run time only. */
export type AnyLine = readonly [primitive: PrimitiveName, inputs: readonly number[], params: object, scalars?: readonly number[]];

/** A graph written by hand; a line's scalars are slots of the run's block. */
export function graphOf(inputs: readonly TensorSpec[], lines: readonly Line[], roots: readonly Root[]): Graph {
  return graphOfAny(inputs, lines, roots);
}

/** The same, unchecked. */
export function graphOfAny(inputs: readonly TensorSpec[], lines: readonly AnyLine[], roots: readonly Root[]): Graph {
  const values: GraphValue[] = inputs.map((spec, index) => ({ spec, location: { kind: 'input', index } }));
  const instructions: Instruction[] = [];
  for (const [primitive, sources, params, scalars = []] of lines) {
    const inferred = inferSpecs(
      primitive,
      sources.map((value) => valueAt(values, value).spec),
      params,
    );
    const specs = 'dtype' in inferred ? [inferred] : inferred;
    const outputs = specs.map((spec) => values.push({ spec, location: locationOf(primitive, sources, values, roots) }) - 1);
    instructions.push({ primitive, params, inputs: sources, outputs, scalars });
  }
  const outputs = roots.map(({ value, donated = null, resident = false }) => ({
    spec: valueAt(values, value).spec,
    donated: donated ?? null,
    resident,
  }));
  return { values, inputs, outputs, instructions, scratchBytes: 0, constants: [], scalarCount: 0 };
}

function locationOf(primitive: PrimitiveName, inputs: readonly number[], values: readonly GraphValue[], roots: readonly Root[]): Location {
  const root = roots.findIndex(({ value }) => value === values.length);
  if (root !== -1) return { kind: 'output', index: root };
  const [first] = inputs;
  if (views.has(primitive) && first !== undefined) return valueAt(values, first).location;
  return { kind: 'scratch', offset: 0 };
}

function valueAt(values: readonly GraphValue[], value: number): GraphValue {
  const found = values[value];
  if (found === undefined) throw internalError(`a line names value ${value}, which is not there yet`);
  return found;
}
