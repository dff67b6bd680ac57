import type { TensorSpec } from '@dl/tensor';
import type { DecomposableName, InputsOf, OutputsOf, ParamsOf, PrimitiveName } from '@dl/tensor/internal';

/** What a kernel needs to know of one application of a primitive. */
export interface Encoding {
  /** A name of kernels/list.h. */
  readonly kernel: string;
  /** Sizes, strides, flags: 32-bit integers, read in this order by the kernel. */
  readonly params: readonly number[];
  /** Bytes of memory that the kernel's threads share while it runs. */
  readonly workspace?: number;
}

const decomposedNames = ['reluGradient'] as const satisfies readonly DecomposableName[];
export type DecomposedName = (typeof decomposedNames)[number];
export type EncodedName = Exclude<PrimitiveName, DecomposedName>;

/** What has to arrive in simpler primitives, which join what stands around them. */
export const decomposed: ReadonlySet<DecomposableName> = new Set(decomposedNames);

/** A primitive applied to operands of known shapes, all of them row-major without gaps. */
interface Application<N extends PrimitiveName> {
  readonly inputs: InputsOf<N, TensorSpec>;
  readonly outputs: OutputsOf<N, TensorSpec>;
  readonly params: ParamsOf<N>;
}

/** The kernel's operands are the inputs and then the outputs, its scalars the primitive's. */
export type Encoder<N extends PrimitiveName> = (application: Application<N>) => Encoding;
export type EncoderTable<N extends PrimitiveName = EncodedName> = { readonly [K in N]: Encoder<K> };
