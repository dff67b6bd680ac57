import { apply } from '../../apply.ts';
import type { DType } from '../../dtype.ts';
import type { Tensor } from '../../tensor.ts';
import type { Scalar } from '../tables.ts';

/** A scalar of the decomposed primitive, known or not, as a tensor of rank 0. */
export function scalarTensor(scalar: Scalar, { dtype }: { readonly dtype: DType }): Tensor {
  return apply('full', [], { shape: [], dtype }, [scalar]);
}
