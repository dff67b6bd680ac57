import type { TypedArray } from '../dtype.ts';
import type { Shape, TensorSpec } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { DecomposableName, PrimitiveName, Primitives } from './signatures.ts';

type ForEach<Names extends readonly unknown[], T> = { readonly [I in keyof Names]: T };

/** One `T` for each input of a primitive: `['a', 'b']` gives `readonly [T, T]`. */
export type InputsOf<N extends PrimitiveName, T> = ForEach<Primitives[N]['inputs'], T>;
/** One `T` for each output. */
export type OutputsOf<N extends PrimitiveName, T> = ForEach<Primitives[N]['outputs'], T>;
/** One `T` for each scalar. */
export type ScalarsOf<N extends PrimitiveName, T> = ForEach<Primitives[N]['scalars'], T>;
/** What shapes the result. */
export type ParamsOf<N extends PrimitiveName> = Readonly<Primitives[N]['params']>;
/** `T` itself for a primitive with one output, a tuple for one with several. */
export type ResultOf<N extends PrimitiveName, T> = Primitives[N]['outputs'] extends readonly [string] ? T : OutputsOf<N, T>;

/** A number of a node's scalars: known, or, while a plan is compiled, the slot of the run's block that will hold it. */
export type Scalar = number | ScalarSlot;
export interface ScalarSlot {
  readonly slot: number;
}

/** Inputs' specs to outputs' specs. Arguments were checked by the function that made the node. */
export type ShapeRule<N extends PrimitiveName> = (inputs: InputsOf<N, TensorSpec>, params: ParamsOf<N>) => ResultOf<N, TensorSpec>;
export type ShapeTable<N extends PrimitiveName = PrimitiveName> = { readonly [K in N]: ShapeRule<K> };

/** Elements in row-major order with their shape, as a kernel sees them. */
export interface Operand {
  readonly data: TypedArray;
  readonly shape: Shape;
}

/** Fills every element of the outputs. An output never overlaps an input, except where an update donates it. */
export type ReferenceKernel<N extends PrimitiveName> = (
  outputs: OutputsOf<N, Operand>,
  inputs: InputsOf<N, Operand>,
  params: ParamsOf<N>,
  scalars: ScalarsOf<N, number>,
) => void;
export type ReferenceTable<N extends PrimitiveName = PrimitiveName> = { readonly [K in N]: ReferenceKernel<K> };

/** A fused primitive as a function of simpler ones, written with the public functions. */
export type Decomposition<N extends DecomposableName> = (
  inputs: InputsOf<N, Tensor>,
  params: ParamsOf<N>,
  scalars: ScalarsOf<N, Scalar>,
) => ResultOf<N, Tensor>;
export type DecompositionTable<N extends DecomposableName = DecomposableName> = { readonly [K in N]: Decomposition<K> };

/** One use of a primitive in tests: host data for the inputs, in the dtypes given. */
export interface Sample<N extends PrimitiveName> {
  /** What is special about it, as a test title reads it. */
  readonly title: string;
  readonly inputs: InputsOf<N, SampleInput>;
  readonly params: ParamsOf<N>;
  readonly scalars: ScalarsOf<N, number>;
  /** Which inputs the numeric gradient check perturbs; all floating ones when absent. `[]`: no point where it is smooth. */
  readonly differentiable?: readonly number[];
  /** Greatest |difference| / (1 + |expected|) allowed to another backend in float32, with its reason in a comment. Default 1e-6. */
  readonly tolerance?: number;
}
export interface SampleInput extends TensorSpec {
  readonly data: readonly number[];
}
export type SampleTable<N extends PrimitiveName = PrimitiveName> = { readonly [K in N]: readonly [Sample<K>, ...Sample<K>[]] };
