import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkFinite, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `ASGD`. */
export interface ASGDOptions {
  /** Learning rate of the first step; default 0.01. */
  lr: number;
  /** The factor of the decay; default 0.0001. */
  lambd: number;
  /** The power by which the rate falls; default 0.75. */
  alpha: number;
  /** The step from which the average is taken; default 1e6. */
  t0: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: ASGDOptions = { lr: 0.01, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false };

/**
 * Averaged stochastic gradient descent (Polyak and Juditsky 1992): with `g = grad + weightDecay θ`, `θ ← (1 - lambd η) θ - η g`,
 * `a ← a + μ (θ - a)`, then `η ← lr / (1 + lambd lr t)^alpha` and `μ ← 1 / max(1, t - t0)`. The averaged weights, `a`, are `ax` in the state
 * dict. PyTorch: `torch.optim.ASGD`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new ASGD(model.parameters(), { lr: 0.01, t0: 1000 });
 */
export class ASGD extends ParameterwiseOptimizer<ASGDOptions> {
  override readonly stateNames = ['step', 'eta', 'mu', 'ax'];

  constructor(params: Params<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(params, options, defaults);
  }

  protected override get numberNames(): readonly string[] {
    return ['eta', 'mu'];
  }

  protected override checkOptions({ lr, lambd, alpha, t0, weightDecay, maximize }: ASGDOptions): void {
    checkAllNonNegative(this.name, { lr, weightDecay });
    for (const [name, value] of Object.entries({ lambd, alpha, t0 })) checkFinite(this.name, name, value);
    checkFlags(this.name, { maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: ASGDOptions): readonly Update[] {
    const { lr, lambd, alpha, t0 } = options;
    const direction = directed(gradient, parameter, options);
    const [eta, mu] = [state.number('eta', lr), state.number('mu', 1)];
    state.setNumber('eta', lr / (1 + lambd * lr * state.step) ** alpha);
    state.setNumber('mu', 1 / Math.max(1, state.step - t0));
    const ax = state.slot('ax');
    const next = parameter.mul(1 - lambd * eta).sub(direction.mul(eta));
    return paired([parameter, next], [ax, follow(ax, next, 1 - mu)]);
  }
}
