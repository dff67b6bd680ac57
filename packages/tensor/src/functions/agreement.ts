import { checkTensor } from '../checks.ts';
import { item } from '../evaluation/evaluate.ts';
import { sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type CloseOptions, eq, isclose } from './comparison.ts';
import { all } from './reduction.ts';

/**
 * Whether all elements are close: `all(isclose(a, b))`, as a JavaScript boolean to wait for. PyTorch: `torch.allclose`.
 *
 * @throws ShapeError if the shapes do not broadcast; ArgumentError for a negative tolerance.
 * @example if (await allclose(y, expected, { atol: 1e-6 })) …
 */
export async function allclose(a: Tensor, b: Tensor, options: CloseOptions = {}): Promise<boolean> {
  return (await item(all(isclose(a, b, options)))) !== 0;
}

/**
 * Whether two tensors have the same shape and the same elements, as a JavaScript boolean to wait for. `NaN` equals nothing.
 * PyTorch: `torch.equal`.
 *
 * @example await equal(tensor([1, 2]), tensor([1, 2])) // true
 */
export async function equal(a: Tensor, b: Tensor): Promise<boolean> {
  checkTensor('equal', 'a', a);
  checkTensor('equal', 'b', b);
  return sameShape(a.shape, b.shape) && (await item(all(eq(a, b)))) !== 0;
}

export const agreementMethods = { allclose, equal };
