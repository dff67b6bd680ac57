import type { PrimitiveName } from '../primitives/signatures.ts';
import type { TensorSpec } from '../shape.ts';

/** One primitive applied, in running order. Numbers in `inputs` and `outputs` index `Graph.values`. */
export interface Instruction {
  readonly primitive: PrimitiveName;
  readonly params: object;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Where the run's block holds each scalar. */
  readonly scalars: readonly number[];
}

/**
 * Where a value's elements live. Values that are views of one another share a location.
 * - `input`: the run's input of that index; nobody writes there.
 * - `output`: a buffer that outlives the run; a donated input's memory, where `Graph.outputs` says so.
 * - `scratch`: bytes of the backend's arena, free for others outside the value's lifetime.
 */
export type Location =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'output'; readonly index: number }
  | { readonly kind: 'scratch'; readonly offset: number };

export interface GraphValue {
  readonly spec: TensorSpec;
  readonly location: Location;
}

/** A flat program: what a backend compiles. */
export interface Graph {
  readonly values: readonly GraphValue[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly OutputBuffer[];
  readonly instructions: readonly Instruction[];
  /** Bytes of scratch that the run needs. */
  readonly scratchBytes: number;
  /** Constants that decompositions brought: written into each run's block after the nodes' own scalars. */
  readonly constants: readonly number[];
  /** How many scalars the nodes bring. */
  readonly scalarCount: number;
}

/** A buffer the run leaves behind. */
export interface OutputBuffer {
  readonly spec: TensorSpec;
  /** The input whose memory it takes over (donation). */
  readonly donated: number | null;
  /** Parameters, optimizer state, assigned buffers: stays on the device however full it is. */
  readonly resident: boolean;
}
