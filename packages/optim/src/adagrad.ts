import { fullLike, type Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, paired } from './recipes.ts';

/** The hyperparameters of `Adagrad`. */
export interface AdagradOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** How fast the learning rate falls: in step t it is `lr / (1 + (t - 1) lrDecay)`; default 0. */
  lrDecay: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** What the sum of squares starts with; default 0. */
  initialAccumulatorValue: number;
  /** What is added to the denominator; default 1e-10. */
  eps: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: AdagradOptions = { lr: 0.01, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };

/**
 * Adagrad (Duchi, Hazan and Singer 2011): with `g = grad + weightDecay θ`, `s ← s + g²` and `θ ← θ - lr / (1 + (t - 1) lrDecay) g / (√s + eps)`.
 * PyTorch: `torch.optim.Adagrad`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Adagrad(model.parameters(), { lr: 0.01 });
 */
export class Adagrad extends ParameterwiseOptimizer<AdagradOptions> {
  override readonly stateNames = ['step', 'sum'];

  constructor(params: Params<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, options, defaults);
    for (const parameter of this.parameters()) this.#sumOf(parameter, this.stateOf(parameter));
  }

  protected override checkOptions({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize }: AdagradOptions): void {
    checkAllNonNegative(this.name, { lr, lrDecay, weightDecay, initialAccumulatorValue, eps });
    checkFlags(this.name, { maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdagradOptions): readonly Update[] {
    const { lr, lrDecay, eps } = options;
    const direction = directed(gradient, parameter, options);
    const sum = this.#sumOf(parameter, state);
    const nextSum = sum.add(direction.square());
    const rate = lr / (1 + (state.step - 1) * lrDecay);
    return paired([parameter, parameter.sub(direction.div(nextSum.sqrt().add(eps)).mul(rate))], [sum, nextSum]);
  }

  #sumOf(parameter: Tensor, state: ParameterState): Tensor {
    return state.slots.get('sum') ?? state.fill('sum', fullLike(parameter, this.defaults.initialAccumulatorValue));
  }
}
