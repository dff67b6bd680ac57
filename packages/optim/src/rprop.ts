import { ArgumentError, fullLike, onesLike, type Tensor, where } from '@dl/tensor';
import { checkAllNonNegative, checkFlags, checkNumbers } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { directed, paired } from './recipes.ts';

/** The hyperparameters of `Rprop`. */
export interface RpropOptions {
  /** The first step sizes; default 0.01. */
  lr: number;
  /** By what a step size shrinks when the gradient changes its sign, and grows when it does not; default `[0.5, 1.2]`. */
  etas: readonly [number, number];
  /** The least and the greatest step size; default `[1e-6, 50]`. */
  stepSizes: readonly [number, number];
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: RpropOptions = { lr: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false };

/**
 * Resilient backpropagation (Riedmiller and Braun 1993): each weight has a step size, `s ← clamp(s η)`, where `η` is `etas[1]` if `g gₜ₋₁ > 0`,
 * `etas[0]` if `< 0` (then `g` counts as 0), else 1; `θ ← θ - s sign(g)`. For full batches. PyTorch: `torch.optim.Rprop`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Rprop(model.parameters(), { lr: 0.01 });
 */
export class Rprop extends ParameterwiseOptimizer<RpropOptions> {
  override readonly stateNames = ['step', 'prev', 'stepSize'];

  constructor(params: Params<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, etas, stepSizes, maximize }: RpropOptions): void {
    checkAllNonNegative(this.name, { lr });
    checkNumbers(this.name, 'etas', etas, 2);
    checkNumbers(this.name, 'stepSizes', stepSizes, 2);
    checkFlags(this.name, { maximize });
    if (!(etas[0] > 0 && etas[0] < 1 && etas[1] > 1))
      throw new ArgumentError(`${this.name}: etas must be a number between 0 and 1 and one above 1; got [${etas.join(', ')}]`);
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RpropOptions): readonly Update[] {
    const [least, most] = options.stepSizes;
    const direction = directed(gradient, parameter, options);
    const prev = state.slot('prev');
    const stepSize = state.slots.get('stepSize') ?? state.fill('stepSize', fullLike(parameter, options.lr));
    const agreement = direction.mul(prev);
    const turned = agreement.lt(0);
    const factor = where(turned, options.etas[0], where(agreement.gt(0), options.etas[1], onesLike(parameter)));
    const nextSize = stepSize.mul(factor).clamp({ min: least, max: most });
    const followed = where(turned, 0, direction);
    return paired([parameter, parameter.sub(followed.sign().mul(nextSize))], [prev, followed], [stepSize, nextSize]);
  }
}
