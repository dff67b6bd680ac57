import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkBetween, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `Adadelta`. */
export interface AdadeltaOptions {
  /** Learning rate; default 1. */
  lr: number;
  /** How much the running means of squares keep; default 0.9. */
  rho: number;
  /** What is added under the roots; default 1e-6. */
  eps: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/**
 * Adadelta (Zeiler 2012): with `g = grad + weightDecay θ`, `v ← rho v + (1 - rho) g²`, `Δ = √(u + eps) / √(v + eps) g`,
 * `u ← rho u + (1 - rho) Δ²` and `θ ← θ - lr Δ`. PyTorch: `torch.optim.Adadelta`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Adadelta(model.parameters());
 */
export class Adadelta extends ParameterwiseOptimizer<AdadeltaOptions> {
  override readonly stateNames = ['step', 'squareAvg', 'accDelta'];

  constructor(params: Params<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, rho, eps, weightDecay, maximize }: AdadeltaOptions): void {
    checkAllNonNegative(this.name, { lr, eps, weightDecay });
    checkBetween(this.name, 'rho', rho, 0, 1);
    checkFlags(this.name, { maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdadeltaOptions): readonly Update[] {
    const { lr, rho, eps } = options;
    const direction = directed(gradient, parameter, options);
    const [squareAvg, accDelta] = [state.slot('squareAvg'), state.slot('accDelta')];
    const nextSquare = follow(squareAvg, direction.square(), rho);
    const delta = accDelta.add(eps).sqrt().div(nextSquare.add(eps).sqrt()).mul(direction);
    return paired([parameter, parameter.sub(delta.mul(lr))], [squareAvg, nextSquare], [accDelta, follow(accDelta, delta.square(), rho)]);
  }
}
