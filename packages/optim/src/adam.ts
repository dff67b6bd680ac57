import type { Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { checkBetas, checkFlag, checkNonNegative } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { paired } from './recipes.ts';

/** The hyperparameters of `Adam` and `AdamW`. */
export interface AdamOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much the running means of the gradient and of its square keep; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** What is added to the denominator; default 1e-8. */
  eps: number;
  /** The factor of the decay: in `Adam` an L2 penalty, default 0; in `AdamW` of the weights themselves, default 0.01. */
  weightDecay: number;
  /** Take the greatest mean square so far (Reddi et al. 2018); default `false`. */
  amsgrad: boolean;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: AdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

/** What `Adam` and `AdamW` share. */
abstract class AdamBase extends ParameterwiseOptimizer<AdamOptions> {
  override readonly stateNames = ['step', 'expAvg', 'expAvgSq', 'maxExpAvgSq'];
  /** Whether the decay acts on the weights themselves rather than through the gradient. */
  protected abstract readonly decoupled: boolean;

  protected override checkOptions({ lr, betas, eps, weightDecay, amsgrad, maximize }: AdamOptions): void {
    checkNonNegative(this.name, 'lr', lr);
    checkBetas(this.name, betas);
    checkNonNegative(this.name, 'eps', eps);
    checkNonNegative(this.name, 'weightDecay', weightDecay);
    checkFlag(this.name, 'amsgrad', amsgrad);
    checkFlag(this.name, 'maximize', maximize);
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions): readonly Update[] {
    const { lr, betas, eps, weightDecay, amsgrad, maximize } = options;
    const [beta1, beta2] = betas;
    const params = { decoupled: this.decoupled };
    const scalars = [lr, weightDecay, beta1, beta2, eps, 1 - beta1 ** state.step, 1 - beta2 ** state.step] as const;
    const direction = maximize ? gradient.neg() : gradient;
    const [expAvg, expAvgSq] = [state.slot('expAvg'), state.slot('expAvgSq')];
    if (!amsgrad) {
      const [next, nextAvg, nextAvgSq] = apply('adam', [parameter, direction, expAvg, expAvgSq], params, scalars);
      return paired([parameter, next], [expAvg, nextAvg], [expAvgSq, nextAvgSq]);
    }
    const greatest = state.slot('maxExpAvgSq');
    const [next, nextAvg, nextAvgSq, nextGreatest] = apply(
      'adamAmsgrad',
      [parameter, direction, expAvg, expAvgSq, greatest],
      params,
      scalars,
    );
    return paired([parameter, next], [expAvg, nextAvg], [expAvgSq, nextAvgSq], [greatest, nextGreatest]);
  }
}

/**
 * Adam (Kingma and Ba 2015): with `g = grad + weightDecay θ`, `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²` and
 * `θ ← θ - lr m̂ / (√v̂ + eps)`, where `m̂ = m / (1 - β₁ᵗ)` and `v̂ = v / (1 - β₂ᵗ)`. PyTorch: `torch.optim.Adam`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Adam(model.parameters(), { lr: 0.001 });
 */
export class Adam extends AdamBase {
  protected override readonly decoupled = false;

  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, options, defaults);
  }
}

/**
 * Adam with the decay taken out of the gradient (Loshchilov and Hutter 2019): first `θ ← θ - lr weightDecay θ`, then Adam's step.
 * PyTorch: `torch.optim.AdamW`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new AdamW(model.parameters(), { lr: 0.001, weightDecay: 0.05 });
 */
export class AdamW extends AdamBase {
  protected override readonly decoupled = true;

  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, options, { ...defaults, weightDecay: 0.01 });
  }
}
