import { ShapeError, type Tensor, where } from '@dl/tensor';
import { checkNumber, formatShape, normalizeDim } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';

/** What `glu` takes. */
export interface GluOptions {
  /** The dim that is halved; default -1. */
  readonly dim?: number;
}

/**
 * `x` above the threshold, else `value`. PyTorch: `torch.nn.functional.threshold`.
 *
 * @throws ArgumentError if threshold or value is no number.
 * @example threshold(x, 0.1, 0)
 */
export function threshold(x: Tensor, limit: number, value: number): Tensor {
  checkInputs('threshold', { x });
  checkNumber('threshold', 'threshold', limit);
  checkNumber('threshold', 'value', value);
  return where(x.le(limit), value, x);
}

/**
 * `a sigmoid(b)` with the two halves a, b of x along a dim (Dauphin et al. 2017). PyTorch: `torch.nn.functional.glu`.
 *
 * @throws ShapeError if the dim's size is odd.
 * @example glu(tensor([1, 2, 3, 4]))
 */
export function glu(x: Tensor, options: GluOptions = {}): Tensor {
  checkInputs('glu', { x });
  const dim = normalizeDim('glu', options.dim ?? -1, x.ndim);
  const size = x.shape[dim] ?? 1;
  if (size % 2 !== 0) throw new ShapeError(`glu: dim ${dim} must be of even size; got x ${formatShape(x.shape)}`);
  return x.narrow(dim, 0, size / 2).mul(x.narrow(dim, size / 2, size / 2).sigmoid());
}

/**
 * `softmax(-x)` along a dim. PyTorch: `torch.nn.functional.softmin`.
 *
 * @throws ArgumentError if there is no such dim.
 * @example softmin(x, -1)
 */
export function softmin(x: Tensor, dim: number): Tensor {
  checkInputs('softmin', { x });
  return x.neg().softmax(dim);
}
