import type { Tensor } from '@dl/tensor';
import type { DecomposableName, InputsOf, OutputsOf, ParamsOf, PrimitiveName, Primitives, ResultOf, ScalarsOf } from '@dl/tensor/internal';

/** The cotangent of a primitive's result: one tensor, or for several outputs a tuple with `undefined` where none arrived. */
export type CotangentOf<N extends PrimitiveName> = Primitives[N]['outputs'] extends readonly [string]
  ? Tensor
  : OutputsOf<N, Tensor | undefined>;

/** What a rule may use: all that the forward pass knew. */
export interface VjpContext<N extends PrimitiveName> {
  readonly inputs: InputsOf<N, Tensor>;
  readonly params: ParamsOf<N>;
  readonly scalars: ScalarsOf<N, number>;
  readonly output: ResultOf<N, Tensor>;
}

/** Makes one input's cotangent, in that input's shape and dtype; `null` for an input that has none (an index, a mask). */
export type InputCotangent = (() => Tensor) | null;

/**
 * The vector-Jacobian product of a primitive: the cotangent of its result to those of its inputs.
 * Each comes as a thunk and only wanted ones are called, so a rule must not make nodes outside them.
 */
export type VjpRule<N extends PrimitiveName> = (
  cotangent: CotangentOf<N>,
  context: VjpContext<N>,
) => InputsOf<N, InputCotangent> | Decomposed<N>;

/** The gradients are those of the decomposition (see `byDecomposition`): always, or as a rule's answer for some cotangents. */
type Decomposed<N extends PrimitiveName> = N extends DecomposableName ? 'decomposed' : never;

/** A rule, or a word: gradients stop here, or they are those of the decomposition. */
export type VjpEntry<N extends PrimitiveName> = VjpRule<N> | 'notDifferentiable' | Decomposed<N>;

/** An entry for each of the names: the compiler lists those that are missing. */
export type VjpTable<N extends PrimitiveName = PrimitiveName> = { readonly [K in N]: VjpEntry<K> };
