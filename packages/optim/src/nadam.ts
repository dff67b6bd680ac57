import type { Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkBetas, checkFlags } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { decayed, directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `NAdam`. */
export interface NAdamOptions {
  /** Learning rate; default 0.002. */
  lr: number;
  /** How much the running means of the gradient and of its square keep; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** What is added to the denominator; default 1e-8. */
  eps: number;
  /** The factor of the decay; default 0. */
  weightDecay: number;
  /** How fast the momentum grows to its full value; default 0.004. */
  momentumDecay: number;
  /** Whether the decay acts on the weights themselves rather than through the gradient; default `false`. */
  decoupledWeightDecay: boolean;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * Adam with Nesterov's momentum (Dozat 2016): Adam's `m` and `v` with `μₜ = β₁ (1 - 0.96^(t momentumDecay) / 2)` and
 * `θ ← θ - lr ((1 - μₜ) / (1 - Πμ) g + μₜ₊₁ / (1 - μₜ₊₁ Πμ) m) / (√(v / (1 - β₂ᵗ)) + eps)`. PyTorch: `torch.optim.NAdam`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new NAdam(model.parameters(), { lr: 0.002 });
 */
export class NAdam extends ParameterwiseOptimizer<NAdamOptions> {
  override readonly stateNames = ['step', 'muProduct', 'expAvg', 'expAvgSq'];

  constructor(params: Params<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(params, options, defaults);
  }

  protected override get numberNames(): readonly string[] {
    return ['muProduct'];
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize }: NAdamOptions): void {
    checkAllNonNegative(this.name, { lr, eps, weightDecay, momentumDecay });
    checkBetas(this.name, betas);
    checkFlags(this.name, { decoupledWeightDecay, maximize });
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: NAdamOptions): readonly Update[] {
    const { lr, eps, momentumDecay, decoupledWeightDecay } = options;
    const [beta1, beta2] = options.betas;
    const weightDecay = decoupledWeightDecay ? 0 : options.weightDecay;
    const direction = directed(gradient, parameter, { ...options, weightDecay });
    const start = decoupledWeightDecay ? decayed(parameter, lr, options.weightDecay) : parameter;
    const momentumOf = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const [mu, nextMu] = [momentumOf(state.step), momentumOf(state.step + 1)];
    const product = state.number('muProduct', 1) * mu;
    state.setNumber('muProduct', product);
    const [expAvg, expAvgSq] = [state.slot('expAvg'), state.slot('expAvgSq')];
    const nextAvg = follow(expAvg, direction, beta1);
    const nextSquare = follow(expAvgSq, direction.square(), beta2);
    const ahead = direction.mul((lr * (1 - mu)) / (1 - product)).add(nextAvg.mul((lr * nextMu) / (1 - product * nextMu)));
    const denominator = nextSquare
      .div(1 - beta2 ** state.step)
      .sqrt()
      .add(eps);
    return paired([parameter, start.sub(ahead.div(denominator))], [expAvg, nextAvg], [expAvgSq, nextSquare]);
  }
}
