import type { DType, TypedArray } from './dtype.ts';
import type { Graph } from './graph/graph.ts';
import type { DecomposableName } from './primitives/signatures.ts';
import type { TensorSpec } from './shape.ts';

/** The numbers of one run, in the order of the graph's scalar slots. */
export type ScalarBlock = Float64Array;

/** Elements on a device. A backend subclasses or extends it with what it needs. */
export interface Buffer {
  readonly backend: Backend;
  readonly spec: TensorSpec;
}

/** What a device offers to the graphs that run on it: the whole contract. */
export interface Backend {
  readonly name: string;
  /** One line for people: processor or adapter, instruction set, threads. */
  readonly description: string;
  readonly limits: { readonly dtypes: readonly DType[]; readonly maxBytes: number; readonly synchronous: boolean };
  /** Fused primitives without a kernel here: graphs arrive with their decompositions instead. */
  readonly decomposed: ReadonlySet<DecomposableName>;
  /** Makes a plan runnable. Throws on a dtype or a size beyond the limits. */
  compile(graph: Graph): Executable;
  /** Takes elements to the device. The array belongs to the buffer from now on: a backend need not copy it. */
  upload(spec: TensorSpec, data: TypedArray): Buffer;
  /** A copy of the elements as they are after all runs enqueued so far. Rejects with the error of the run that made them. */
  read(buffer: Buffer): Promise<TypedArray>;
  /** The same at once, where the device can. */
  readSync?(buffer: Buffer): TypedArray;
  /** Gives memory back after the last enqueued run that uses it. Idempotent. */
  free(buffer: Buffer): void;
  /** Bytes: of buffers that the backend itself keeps (elements in JavaScript arrays are the collector's), of scratch, and the most there was. */
  memory(): { readonly live: number; readonly scratch: number; readonly peak: number };
}

/** A compiled graph. */
export interface Executable {
  /**
   * Enqueues one run, first in first out; the outputs can be handed to later runs at once. A donated output may be the input's own
   * buffer object or a new one; either way, if the run fails, the input still holds its old elements.
   * A synchronous backend throws what goes wrong; an asynchronous one rejects `done`, and so do the runs that use these outputs.
   */
  run(inputs: readonly Buffer[], scalars: ScalarBlock): { readonly outputs: readonly Buffer[]; readonly done: Promise<void> };
  /** Called when the plan leaves the cache: frees what belongs to it, once idle. */
  release(): void;
}
