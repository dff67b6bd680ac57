import type { Tensor } from '@dl/tensor';
import { claimGradient, tie, untie, withGradMode } from '@dl/tensor/internal';

/** A parameter with its gradient. */
export interface Owned {
  readonly owner: Tensor;
  readonly gradient: Tensor;
}

/** The parameters that have gradients. */
export function gradientsOf(parameters: readonly Tensor[]): Owned[] {
  return parameters.flatMap((owner) => (owner.gradient === null ? [] : [{ owner, gradient: owner.gradient }]));
}

/**
 * Gives parameters other gradients, made of those they have. What was made on the way is kept with them when they are computed; the old
 * gradients are not, unless somebody holds them.
 */
export function replaceGradients(
  caller: string,
  owned: readonly Owned[],
  successor: (gradient: Tensor) => Tensor,
  kept: readonly Tensor[] = [],
): void {
  const successors = withGradMode(caller, false, () => owned.map(({ gradient }) => successor(gradient)));
  owned.forEach(({ owner, gradient }, i) => {
    if (!owner.gradientEscaped && gradient.value.claims === 1) untie(gradient.value);
    claimGradient(owner, successors[i] ?? gradient);
  });
  tie([...successors, ...kept].map(({ value }) => value));
}
