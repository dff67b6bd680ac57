import { maximum, type Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkBetas, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `Adamax`. */
export interface AdamaxOptions {
  /** Learning rate; default 0.002. */
  lr: number;
  /** How much the running means of the gradient and of its magnitude keep; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** What is added to the magnitude; default 1e-8. */
  eps: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/**
 * Adamax, Adam with the infinity norm (Kingma and Ba 2015): with `g = grad + weightDecay θ`, `m ← β₁ m + (1 - β₁) g`,
 * `u ← max(β₂ u, |g| + eps)` and `θ ← θ - lr / (1 - β₁ᵗ) m / u`. PyTorch: `torch.optim.Adamax`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Adamax(model.parameters(), { lr: 0.002 });
 */
export class Adamax extends ParameterwiseOptimizer<AdamaxOptions> {
  override readonly stateNames = ['step', 'expAvg', 'expInf'];

  constructor(params: Params<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, maximize }: AdamaxOptions): void {
    checkAllNonNegative(this.name, { lr, eps, weightDecay });
    checkBetas(this.name, betas);
    checkFlags(this.name, { maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdamaxOptions): readonly Update[] {
    const { lr, eps } = options;
    const [beta1, beta2] = options.betas;
    const direction = directed(gradient, parameter, options);
    const [expAvg, expInf] = [state.slot('expAvg'), state.slot('expInf')];
    const nextAvg = follow(expAvg, direction, beta1);
    const nextInf = maximum(expInf.mul(beta2), direction.abs().add(eps));
    const rate = lr / (1 - beta1 ** state.step);
    return paired([parameter, parameter.sub(nextAvg.div(nextInf).mul(rate))], [expAvg, nextAvg], [expInf, nextInf]);
  }
}
