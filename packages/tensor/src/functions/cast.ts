import { checkDType, checkTensor } from '../checks.ts';
import type { DType } from '../dtype.ts';
import type { Tensor } from '../tensor.ts';
import { castTo } from './operands.ts';

/**
 * The same elements in another dtype; `x` itself if it has it already. PyTorch: `x.to(dtype)`.
 *
 * Fractions are cut off towards zero on the way to integers. What int32 cannot hold becomes its nearest number, and `NaN` 0
 * (PyTorch leaves both undefined); uint8 takes the lowest 8 bits of that, so -1 becomes 255. A bool is true where
 * the element is not zero, `NaN` included.
 *
 * @throws DTypeError if `dtype` is not one of the dtypes.
 * @example cast(tensor([1.7, -1.7]), 'int32') // [1, -1]
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensor('cast', 'x', x);
  checkDType('cast', dtype);
  return castTo(x, dtype);
}

export const castMethods = {
  cast,
  float: (x: Tensor): Tensor => cast(x, 'float32'),
  double: (x: Tensor): Tensor => cast(x, 'float64'),
  int: (x: Tensor): Tensor => cast(x, 'int32'),
  byte: (x: Tensor): Tensor => cast(x, 'uint8'),
  bool: (x: Tensor): Tensor => cast(x, 'bool'),
};
