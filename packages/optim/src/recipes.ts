import type { Tensor } from '@dl/tensor';
import type { Update } from './parameterState.ts';

/** What optimizers do to the gradient first. */
interface Directed {
  readonly weightDecay?: number;
  readonly maximize?: boolean;
}

/** The gradient to descend: turned round to climb, with the L2 penalty's. */
export function directed(gradient: Tensor, parameter: Tensor, { weightDecay = 0, maximize = false }: Directed): Tensor {
  const direction = maximize ? gradient.neg() : gradient;
  return weightDecay === 0 ? direction : direction.add(parameter.mul(weightDecay));
}

/** A running mean: `keep` of the old, the rest of the new. */
export function follow(mean: Tensor, value: Tensor, keep: number): Tensor {
  return mean.mul(keep).add(value.mul(1 - keep));
}

/** `θ - lr weightDecay θ`: the decay of the weights themselves. */
export function decayed(parameter: Tensor, lr: number, weightDecay: number): Tensor {
  return weightDecay === 0 ? parameter : parameter.mul(1 - lr * weightDecay);
}

/** Each target with its successor. */
export function paired(...pairs: readonly (readonly [target: Tensor, next: Tensor])[]): readonly Update[] {
  return pairs.map(([target, next]) => ({ target, next }));
}
