import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkBetas, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { decayed, directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `Lion`. */
export interface LionOptions {
  /** Learning rate; default 0.0001. */
  lr: number;
  /** How much of the mean the step takes, and how much the mean keeps; default `[0.9, 0.99]`. */
  betas: readonly [number, number];
  /** The factor of the decay of the weights themselves; default 0. */
  weightDecay: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: LionOptions = { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false };

/**
 * Lion, evolved sign momentum (Chen et al. 2023, "Symbolic discovery of optimization algorithms"):
 * `θ ← θ - lr (sign(β₁ m + (1 - β₁) g) + weightDecay θ)`, `m ← β₂ m + (1 - β₂) g`. Its steps all have size `lr`: take a third to a tenth of
 * Adam's, and as many times its decay. Not in PyTorch; the state is named as Adam's, `exp_avg`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Lion(model.parameters(), { lr: 1e-4, weightDecay: 0.1 });
 */
export class Lion extends ParameterwiseOptimizer<LionOptions> {
  override readonly stateNames = ['expAvg'];

  constructor(params: Params<LionOptions>, options: Partial<LionOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, betas, weightDecay, maximize }: LionOptions): void {
    checkAllNonNegative(this.name, { lr, weightDecay });
    checkBetas(this.name, betas);
    checkFlags(this.name, { maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: LionOptions): readonly Update[] {
    const { lr, weightDecay, maximize } = options;
    const [beta1, beta2] = options.betas;
    const direction = directed(gradient, parameter, { maximize });
    const expAvg = state.slot('expAvg');
    const sign = follow(expAvg, direction, beta1).sign();
    return paired([parameter, decayed(parameter, lr, weightDecay).sub(sign.mul(lr))], [expAvg, follow(expAvg, direction, beta2)]);
  }
}
