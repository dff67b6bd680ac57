import type { Backend } from '../backend.ts';
import { checkTensor } from '../checks.ts';
import type { DType } from '../dtype.ts';
import { data } from '../evaluation/evaluate.ts';
import { leafTensor } from '../leaf.ts';
import type { Tensor } from '../tensor.ts';
import { cast } from './cast.ts';

/**
 * The same elements in another dtype, at once (see `cast`), or on another backend, which has to be awaited. What arrives
 * there is a leaf: no gradient flows back to the first backend. PyTorch: `x.to`.
 *
 * @throws DTypeError for a dtype that there is not.
 * @example
 * const exact = x.to('float64');
 * const onDevice = await x.to(device);
 */
export function to(x: Tensor, dtype: DType): Tensor;
export function to(x: Tensor, backend: Backend): Promise<Tensor>;
export function to(x: Tensor, target: DType | Backend): Tensor | Promise<Tensor> {
  checkTensor('to', 'x', x);
  return typeof target === 'object' ? moved(x, target) : cast(x, target);
}

async function moved(x: Tensor, backend: Backend): Promise<Tensor> {
  const { shape, dtype } = x;
  return leafTensor({ shape, dtype }, await data(x), backend);
}
