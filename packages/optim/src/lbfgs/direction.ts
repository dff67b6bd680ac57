import type { Tensor } from '@dl/tensor';

/** The last changes: of the gradient, of the parameters, and 1 over the product of both. */
export interface History {
  readonly oldDirs: readonly Tensor[];
  readonly oldStps: readonly Tensor[];
  readonly ro: readonly Tensor[];
}

/**
 * The direction of descent, minus the gradient times an estimate of the inverse Hessian (Nocedal 1980: the two-loop recursion), where
 * `scale` times the identity is what the estimate starts with. A recipe.
 */
export function directionOf(gradient: Tensor, { oldDirs, oldStps, ro }: History, scale: Tensor): Tensor {
  let q = gradient.neg();
  const shares: Tensor[] = [];
  for (const [i, change] of [...oldDirs.entries()].reverse()) {
    const share = dot(at(oldStps, i), q).mul(at(ro, i));
    shares[i] = share;
    q = q.sub(change.mul(share));
  }
  let r = q.mul(scale);
  for (const [i, step] of oldStps.entries()) {
    const share = dot(at(oldDirs, i), r).mul(at(ro, i));
    r = r.add(step.mul(at(shares, i).sub(share)));
  }
  return r;
}

/** `Σ a b` of two vectors. */
export function dot(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum();
}

function at(list: readonly Tensor[], i: number): Tensor {
  const found = list[i];
  if (found === undefined) throw new RangeError(`internal: the history of LBFGS has no ${i}`);
  return found;
}
