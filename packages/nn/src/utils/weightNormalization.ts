import { ArgumentError, type Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';

/** Over which dim directions keep a length of their own; `null`: one length for all. */
export type NormDim = number | null;

/** Refuses a dim that is none. */
export function checkNormDim(caller: string, weight: Tensor, dim: NormDim): void {
  if (weight.ndim === 0) throw new ArgumentError(`${caller}: the tensor must have at least 1 dim; got a scalar`);
  if (dim !== null) checkInteger(caller, 'dim', dim, 0, weight.ndim - 1);
}

/** The length of what lies at each place of a dim, which keeps its size; the others get size 1. */
export function lengthsAlong(weight: Tensor, dim: NormDim): Tensor {
  if (dim === null) return weight.norm();
  const others = weight.shape.map((_, i) => i).filter((i) => i !== dim);
  return others.length === 0 ? weight.abs() : weight.norm({ dim: others, keepDim: true });
}

/** `g v / ‖v‖`. */
export function weightNormalized(g: Tensor, v: Tensor, dim: NormDim): Tensor {
  return v.mul(g.div(lengthsAlong(v, dim)));
}
