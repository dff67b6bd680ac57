/** What a `.node` file made from kernels/addon.c exports. */
export interface Addon {
  /** Whether this processor can run the kernels. */
  supported(): boolean;
  /** Cores that this process may use, 0 if the system doesn't say. */
  cores(): number;
  kernels(): readonly string[];
  open(threads: number): EngineHandle;
  load(program: Int32Array, scratchBytes: number): PlanHandle;
  release(plan: PlanHandle): void;
  run(...run: RunArguments): FailureNumbers | null;
  /** Reads addresses and scalars at once; the arrays must stay alive until the promise settles. */
  enqueue(...run: RunArguments): Promise<FailureNumbers | null>;
  pending(engine: EngineHandle): number;
  drain(engine: EngineHandle): void;
  /** Asks for large pages where the array is large, and returns the bytes to skip, up to 63, to reach the start of a cache line. */
  prepare(array: Uint8Array): number;
}

export type FailureNumbers = readonly [instruction: number, operand: number, position: number, index: number];

export type RunArguments = readonly [
  engine: EngineHandle,
  plan: PlanHandle,
  inputs: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
  scalars: Float64Array,
  times: Float64Array | undefined,
];

declare const engineHandle: unique symbol;
declare const planHandle: unique symbol;
export interface EngineHandle {
  readonly [engineHandle]: true;
}
export interface PlanHandle {
  readonly [planHandle]: true;
}
