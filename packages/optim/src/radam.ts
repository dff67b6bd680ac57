import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkBetas, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { decayed, directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `RAdam`. */
export interface RAdamOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much the running means of the gradient and of its square keep; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** What is added to the denominator; default 1e-8. */
  eps: number;
  /** The factor of the decay; default 0. */
  weightDecay: number;
  /** Whether the decay acts on the weights themselves rather than through the gradient; default `false`. */
  decoupledWeightDecay: boolean;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: RAdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, decoupledWeightDecay: false, maximize: false };

/**
 * Rectified Adam (Liu et al. 2020): Adam's `m̂` and `v`, with `ρ∞ = 2 / (1 - β₂) - 1` and `ρₜ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ)`. Where `ρₜ > 5`,
 * `θ ← θ - lr r m̂ √(1 - β₂ᵗ) / (√v + eps)` with `r = √((ρₜ - 4)(ρₜ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρₜ))`; before, `θ ← θ - lr m̂`.
 * PyTorch: `torch.optim.RAdam`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new RAdam(model.parameters(), { lr: 0.001 });
 */
export class RAdam extends ParameterwiseOptimizer<RAdamOptions> {
  override readonly stateNames = ['step', 'expAvg', 'expAvgSq'];

  constructor(params: Params<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, decoupledWeightDecay, maximize }: RAdamOptions): void {
    checkAllNonNegative(this.name, { lr, eps, weightDecay });
    checkBetas(this.name, betas);
    checkFlags(this.name, { decoupledWeightDecay, maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RAdamOptions): readonly Update[] {
    const { lr, eps, decoupledWeightDecay } = options;
    const [beta1, beta2] = options.betas;
    const weightDecay = decoupledWeightDecay ? 0 : options.weightDecay;
    const direction = directed(gradient, parameter, { ...options, weightDecay });
    const start = decoupledWeightDecay ? decayed(parameter, lr, options.weightDecay) : parameter;
    const [expAvg, expAvgSq] = [state.slot('expAvg'), state.slot('expAvgSq')];
    const nextAvg = follow(expAvg, direction, beta1);
    const nextSquare = follow(expAvgSq, direction.square(), beta2);
    const factor = rectification(state.step, beta2);
    const rate = (lr * (factor ?? 1)) / (1 - beta1 ** state.step);
    // One graph for both kinds of steps, so that they share a plan: √v + eps, or 0 √v + 1.
    const denominator = nextSquare
      .sqrt()
      .mul(factor === null ? 0 : 1)
      .add(factor === null ? 1 : eps);
    return paired([parameter, start.sub(nextAvg.mul(rate).div(denominator))], [expAvg, nextAvg], [expAvgSq, nextSquare]);
  }
}

/** `r √(1 - β₂ᵗ)`, or `null` as long as the variance of the mean of squares cannot be told. */
function rectification(step: number, beta2: number): number | null {
  const correction = 1 - beta2 ** step;
  const most = 2 / (1 - beta2) - 1;
  const now = most - (2 * step * beta2 ** step) / correction;
  if (now <= 5) return null;
  return Math.sqrt((((now - 4) * (now - 2) * most) / ((most - 4) * (most - 2) * now)) * correction);
}
