import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `RMSprop`. */
export interface RMSpropOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** How much the running mean of squares keeps; default 0.99. */
  alpha: number;
  /** What is added to the denominator; default 1e-8. */
  eps: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** How much of the last step is kept; default 0. */
  momentum: number;
  /** Divide by the standard deviation of the gradient, not by the root of its mean square; default `false`. */
  centered: boolean;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: RMSpropOptions = { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false };

/**
 * RMSprop (Tieleman and Hinton 2012): with `g = grad + weightDecay θ`, `v ← alpha v + (1 - alpha) g²` and `θ ← θ - lr g / (√v + eps)`; with
 * `momentum`, `b ← momentum b + g / (√v + eps)` and `θ ← θ - lr b`; `centered` (Graves 2013) takes `v - mean(g)²` for `v`.
 * PyTorch: `torch.optim.RMSprop`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new RMSprop(model.parameters(), { lr: 0.001, momentum: 0.9 });
 */
export class RMSprop extends ParameterwiseOptimizer<RMSpropOptions> {
  override readonly stateNames = ['step', 'squareAvg', 'momentumBuffer', 'gradAvg'];

  constructor(params: Params<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, alpha, eps, weightDecay, momentum, centered, maximize }: RMSpropOptions): void {
    checkAllNonNegative(this.name, { lr, alpha, eps, weightDecay, momentum });
    checkFlags(this.name, { centered, maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RMSpropOptions): readonly Update[] {
    const { lr, alpha, eps, momentum, centered } = options;
    const direction = directed(gradient, parameter, options);
    const squareAvg = state.slot('squareAvg');
    const buffer = momentum > 0 ? state.slot('momentumBuffer') : null;
    const gradAvg = centered ? state.slot('gradAvg') : null;
    const nextSquare = follow(squareAvg, direction.square(), alpha);
    const nextMean = gradAvg === null ? null : follow(gradAvg, direction, alpha);
    const spread = nextMean === null ? nextSquare : nextSquare.sub(nextMean.square());
    const scaled = direction.div(spread.sqrt().add(eps));
    const taken = buffer === null ? scaled : buffer.mul(momentum).add(scaled);
    return [
      ...paired([parameter, parameter.sub(taken.mul(lr))], [squareAvg, nextSquare]),
      ...(buffer === null ? [] : paired([buffer, taken])),
      ...(gradAvg === null || nextMean === null ? [] : paired([gradAvg, nextMean])),
    ];
  }
}
