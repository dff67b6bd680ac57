import { ArgumentError, type Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { checkFinite, checkFlag, checkNonNegative } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';

/** The hyperparameters of `SGD`. */
export interface SGDOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the last step's direction is kept; default 0. */
  momentum: number;
  /** How much of the gradient the momentum does not take up; default 0. */
  dampening: number;
  /** The factor of the L2 penalty; default 0. */
  weightDecay: number;
  /** Nesterov's momentum: step as if the momentum had been followed already; default `false`. */
  nesterov: boolean;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: SGDOptions = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

/**
 * Stochastic gradient descent with momentum (Sutskever et al. 2013): with `g = grad + weightDecay θ`,
 * `b ← momentum b + (1 - dampening) g` (at first `b = g`) and `θ ← θ - lr b`; with `nesterov`, `θ ← θ - lr (g + momentum b)`.
 * PyTorch: `torch.optim.SGD`.
 *
 * @throws ArgumentError for a hyperparameter out of range, or `nesterov` without momentum or with dampening.
 * @example const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 */
export class SGD extends ParameterwiseOptimizer<SGDOptions> {
  override readonly stateNames = ['momentumBuffer'];

  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(params, options, defaults);
  }

  protected override checkOptions({ lr, momentum, dampening, weightDecay, nesterov, maximize }: SGDOptions): void {
    checkNonNegative(this.name, 'lr', lr);
    checkNonNegative(this.name, 'momentum', momentum);
    checkFinite(this.name, 'dampening', dampening);
    checkNonNegative(this.name, 'weightDecay', weightDecay);
    checkFlag(this.name, 'nesterov', nesterov);
    checkFlag(this.name, 'maximize', maximize);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError(`SGD: nesterov needs momentum above 0 and dampening 0; got ${momentum} and ${dampening}`);
    }
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: SGDOptions): readonly Update[] {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options;
    const direction = maximize ? gradient.neg() : gradient;
    if (momentum === 0) return [{ target: parameter, next: apply('sgd', [parameter, direction], {}, [lr, weightDecay]) }];
    const first = !state.slots.has('momentumBuffer');
    const buffer = state.slot('momentumBuffer');
    const scalars = [lr, weightDecay, momentum, first ? 0 : dampening] as const;
    const [next, nextBuffer] = apply('sgdMomentum', [parameter, direction, buffer], { nesterov }, scalars);
    return [
      { target: parameter, next },
      { target: buffer, next: nextBuffer },
    ];
  }
}
