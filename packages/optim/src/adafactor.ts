import { ArgumentError, type Shape, type Tensor } from '@dl/tensor';
import { checkAllNonNegative, checkFinite, checkFlags, checkNumbers } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { decayed, directed, follow, paired } from './recipes.ts';

/** The hyperparameters of `Adafactor`. */
export interface AdafactorOptions {
  /** The greatest relative step size; default 0.01. */
  lr: number;
  /** The power by which the running means come to keep more: in step t they take `t^beta2Decay` of the new; default -0.8. */
  beta2Decay: number;
  /** The least root of a mean square (`null`: the dtype's precision), and the least scale of a parameter; default `[null, 0.001]`. */
  eps: readonly [number | null, number];
  /** Above which root mean square an update is scaled down; default 1. */
  d: number;
  /** The factor of the decay of the weights themselves; default 0. */
  weightDecay: number;
  /** Climb rather than descend; default `false`. */
  maximize: boolean;
}

const defaults: AdafactorOptions = { lr: 0.01, beta2Decay: -0.8, eps: [null, 1e-3], d: 1, weightDecay: 0, maximize: false };

/**
 * Adafactor (Shazeer and Stern 2018): the mean squares of a matrix are kept as one mean a row and one a column, so that the state is small. With
 * `β = 1 - t^beta2Decay`: `r ← β r + (1 - β) mean(g², -1)`, `c ← β c + (1 - β) mean(g², -2)`, `u = g / √(r c / mean(r))` (a vector keeps all
 * its means), `θ ← θ - lr weightDecay θ - α u / max(1, rms(u) / d)`, where `α = max(eps₂, rms(θ)) min(lr, 1 / √t)`. No momentum.
 * PyTorch: `torch.optim.Adafactor`.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Adafactor(model.parameters());
 */
export class Adafactor extends ParameterwiseOptimizer<AdafactorOptions> {
  override readonly stateNames = ['step', 'rowVar', 'colVar', 'variance'];

  constructor(params: Params<AdafactorOptions>, options: Partial<AdafactorOptions> = {}) {
    super(params, options, defaults);
  }

  protected override slotShape(name: string, { shape }: Tensor): Shape {
    const reduced = { rowVar: shape.length - 1, colVar: shape.length - 2, variance: -1 }[name];
    return shape.map((size, dim) => (dim === reduced ? 1 : size));
  }

  protected override checkOptions({ lr, beta2Decay, eps, d, weightDecay, maximize }: AdafactorOptions): void {
    checkAllNonNegative(this.name, { lr, weightDecay });
    checkFinite(this.name, 'beta2Decay', beta2Decay);
    checkFinite(this.name, 'd', d);
    checkFlags(this.name, { maximize });
    checkNumbers(this.name, 'eps', Array.isArray(eps) ? eps.map((value, i) => (i === 0 ? (value ?? 0) : value)) : eps, 2);
    if (eps.some((value) => value !== null && value < 0))
      throw new ArgumentError(`Adafactor: eps must be from 0 up; got [${eps.join(', ')}]`);
    if (beta2Decay > 0) throw new ArgumentError(`Adafactor: beta2Decay must be 0 or less; got ${beta2Decay}`);
    if (d < 1) throw new ArgumentError(`Adafactor: d must be 1 or more; got ${d}`);
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdafactorOptions): readonly Update[] {
    const { lr, beta2Decay, d, weightDecay, maximize } = options;
    const direction = directed(gradient, parameter, { maximize });
    const precision = options.eps[0] ?? (parameter.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
    const keep = 1 - state.step ** beta2Decay;
    const [estimate, updates] = this.#meanSquares(parameter, direction, state, keep, precision);
    const update = estimate
      .clamp({ min: precision ** 2 })
      .rsqrt()
      .mul(direction);
    const scale = rms(parameter).clamp({ min: options.eps[1] });
    const size = scale.mul(Math.min(lr, 1 / Math.sqrt(state.step))).div(rms(update).div(d).clamp({ min: 1 }));
    return [...paired([parameter, decayed(parameter, lr, weightDecay).sub(update.mul(size))]), ...updates];
  }

  /** The mean squares, and how their state changes. */
  #meanSquares(
    parameter: Tensor,
    direction: Tensor,
    state: ParameterState,
    keep: number,
    precision: number,
  ): readonly [estimate: Tensor, updates: readonly Update[]] {
    const square = direction.square();
    if (parameter.ndim < 2) {
      const variance = state.slot('variance');
      const next = follow(variance, square, keep);
      return [next, paired([variance, next])];
    }
    const [row, col] = [this.#factor('rowVar', parameter, state), this.#factor('colVar', parameter, state)];
    const nextRow = follow(row, square.mean({ dim: -1, keepDim: true }), keep);
    const nextCol = follow(col, square.mean({ dim: -2, keepDim: true }), keep);
    const level = nextRow.mean({ dim: -2, keepDim: true }).clamp({ min: precision });
    return [nextRow.mul(nextCol).div(level), paired([row, nextRow], [col, nextCol])];
  }

  #factor(name: string, parameter: Tensor, state: ParameterState): Tensor {
    return state.slot(name, this.slotShape(name, parameter));
  }
}

/** The root of the mean square. */
function rms(x: Tensor): Tensor {
  return x.square().mean().sqrt();
}
