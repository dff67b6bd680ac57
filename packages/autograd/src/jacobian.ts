import { cat, eye, narrow, reshape, type Tensor, zeros } from '@dl/tensor';
import { sizeOf } from '@dl/tensor/internal';
import { grad } from './grad.ts';
import { pullBack, recorded, Variables } from './transform.ts';

/**
 * All derivatives `dy_i / dx_j` of a function, of shape `[...y.shape, ...x.shape]`. One backward pass for each element of `y`.
 * PyTorch: `torch.func.jacrev`.
 *
 * @throws DTypeError if `x` is not float32 or float64; ArgumentError if `f` returns a promise.
 * @example jacobian((x) => x.mul(x), tensor([1, 2])) // [[2, 0], [0, 4]]
 */
export function jacobian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const variables = new Variables('jacobian');
  const variable = variables.standIn(x);
  const y = recorded('jacobian', () => f(variable));
  const shape = [...y.shape, ...x.shape];
  if (sizeOf(shape) === 0) return zeros(shape, { dtype: x.dtype });
  const directions = eye(y.numel(), { dtype: y.dtype });
  const rows = Array.from({ length: y.numel() }, (_, i) => {
    const direction = reshape(narrow(directions, 0, i, 1), y.shape);
    return pullBack('jacobian', y, direction, variables).gradients.map((row) => reshape(row, [1, ...x.shape]));
  });
  return reshape(cat(rows.flat()), shape);
}

/**
 * All second derivatives of a scalar function, of shape `[...x.shape, ...x.shape]`. PyTorch: `torch.func.hessian`.
 *
 * @throws what `grad` throws.
 * @example hessian((x) => x.mul(x).sum(), tensor([1, 2])) // [[2, 0], [0, 2]]
 */
export function hessian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  return jacobian(grad(f), x);
}
