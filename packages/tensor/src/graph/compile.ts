import type { Scalar } from '../primitives/tables.ts';
import type { Draft } from './draft.ts';
import type { Graph, GraphValue, Instruction, Location } from './graph.ts';
import { commonSubexpressions } from './passes/commonSubexpressions.ts';
import { deadCode } from './passes/deadCode.ts';
import { foldTransposes } from './passes/foldTransposes.ts';
import { layOutScratch } from './passes/liveness.ts';
import { type Donation, type Place, placeValues, type RootPlace } from './passes/placement.ts';
import { pooledGradients } from './passes/pooledGradients.ts';
import { schedule } from './passes/schedule.ts';

export interface CompiledGraph {
  readonly graph: Graph;
  /** For each root: where the run leaves it. */
  readonly roots: readonly RootPlace[];
}

/** Runs the passes over a draft and gives every value its place. `resident` says which roots are lasting state. */
export function compileGraph(
  draft: Draft,
  donations: readonly Donation[],
  scalarCount: number,
  resident: readonly boolean[],
): CompiledGraph {
  const slim = deadCode(pooledGradients(commonSubexpressions(foldTransposes(draft))));
  const placement = placeValues(slim, donations);
  const order = schedule(slim, placement);
  const scratch = layOutScratch(slim, order, placement);
  const constants: number[] = [];
  const slotOf = (scalar: Scalar): number => (typeof scalar === 'number' ? scalarCount + constants.push(scalar) - 1 : scalar.slot);
  const instructions = order.map((instruction): Instruction => ({ ...instruction, scalars: instruction.scalars.map(slotOf) }));
  const isResident = new Set(placement.roots.filter((place, i) => place.kind === 'output' && resident[i]).map(({ index }) => index));
  const graph: Graph = {
    values: slim.specs.map(
      (spec, value): GraphValue => ({ spec, location: locationOf(placement.places[value] as Place, scratch.offsets) }),
    ),
    inputs: slim.specs.slice(0, slim.inputCount),
    outputs: placement.outputs.map(({ base, donated }, i) => ({
      spec: slim.specs[base] as GraphValue['spec'],
      donated,
      resident: isResident.has(i),
    })),
    instructions,
    scratchBytes: scratch.bytes,
    constants,
    scalarCount,
  };
  return { graph, roots: placement.roots };
}

function locationOf({ kind, index }: Place, offsets: readonly number[]): Location {
  return kind === 'scratch' ? { kind, offset: offsets[index] ?? 0 } : { kind, index };
}
