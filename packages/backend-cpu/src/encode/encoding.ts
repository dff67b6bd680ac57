import type { TensorSpec } from '@dl/tensor';
import type { InputsOf, OutputsOf, ParamsOf, PrimitiveName } from '@dl/tensor/internal';

/** What a kernel needs to know of one application of a primitive. */
export interface Encoding {
  /** A name of kernels/list.h. */
  readonly kernel: string;
  /** Sizes, strides, flags: 32-bit integers, read in this order by the kernel. */
  readonly params: readonly number[];
  /** Bytes of memory that the kernel's threads share while it runs. */
  readonly workspace?: number;
}

/** A primitive applied to operands of known shapes, all of them row-major without gaps. */
interface Application<N extends PrimitiveName> {
  readonly inputs: InputsOf<N, TensorSpec>;
  readonly outputs: OutputsOf<N, TensorSpec>;
  readonly params: ParamsOf<N>;
}

/** The kernel's operands are the inputs and then the outputs, its scalars the primitive's. */
export type Encoder<N extends PrimitiveName> = (application: Application<N>) => Encoding;
export type EncoderTable<N extends PrimitiveName = PrimitiveName> = { readonly [K in N]: Encoder<K> };
