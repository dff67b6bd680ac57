import { ArgumentError, type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, checkOneOf, formatShape } from '@dl/tensor/internal';
import { checkAllNonNegative, checkFlags, checkNumbers } from './hyperparameters.ts';
import type { ParameterState, Update } from './parameterState.ts';
import { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import type { Params } from './paramGroups.ts';
import { decayed, follow, paired } from './recipes.ts';

/** The hyperparameters of `Muon`. */
export interface MuonOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** The factor of the decay of the weights themselves; default 0.1. */
  weightDecay: number;
  /** How much the running mean of the gradient keeps; default 0.95. */
  momentum: number;
  /** Nesterov's momentum; default `true`. */
  nesterov: boolean;
  /** The coefficients of the Newton-Schulz iteration; default `[3.4445, -4.775, 2.0315]`. */
  nsCoefficients: readonly [number, number, number];
  /** The least norm to divide by; default 1e-7. */
  eps: number;
  /** How many Newton-Schulz iterations; default 5. */
  nsSteps: number;
  /**
   * How the rate follows the shape `[A, B]`: `original` (or `null`) scales it by `√max(1, A / B)`, `match_rms_adamw` by `0.2 √max(A, B)`, so
   * that rates made for AdamW fit. Default `null`.
   */
  adjustLrFn: 'original' | 'match_rms_adamw' | null;
}

const defaults: MuonOptions = {
  lr: 1e-3,
  weightDecay: 0.1,
  momentum: 0.95,
  nesterov: true,
  nsCoefficients: [3.4445, -4.775, 2.0315],
  eps: 1e-7,
  nsSteps: 5,
  adjustLrFn: null,
};

/**
 * Muon, momentum made orthogonal (Jordan et al. 2024), for the matrices of hidden layers: `b ← momentum b + (1 - momentum) g`,
 * `θ ← θ - lr weightDecay θ - lr scale O`, where `O` is near the orthogonal matrix next to `b` (with `nesterov`, next to
 * `(1 - momentum) g + momentum b`), by Newton-Schulz iterations `X ← a X + (b XXᵀ + c (XXᵀ)²) X`. Give other parameters (biases, embeddings,
 * the last layer) to AdamW. PyTorch: `torch.optim.Muon`, which iterates in bfloat16; here it is the parameter's own dtype.
 *
 * @throws ArgumentError for a hyperparameter out of range.
 * @example const optimizer = new Muon([model.hidden.weight], { lr: 0.02 });
 */
export class Muon extends ParameterwiseOptimizer<MuonOptions> {
  override readonly stateNames = ['momentumBuffer'];

  constructor(params: Params<MuonOptions>, options: Partial<MuonOptions> = {}) {
    super(params, options, defaults);
  }

  protected override admit({ shape }: Tensor): void {
    if (shape.length !== 2)
      throw new ShapeError(`Muon: parameters must be matrices; got one of shape ${formatShape(shape)}. Give it to AdamW`);
  }

  protected override checkOptions({ lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn }: MuonOptions): void {
    checkAllNonNegative(this.name, { lr, weightDecay, momentum, eps });
    checkFlags(this.name, { nesterov });
    checkNumbers(this.name, 'nsCoefficients', nsCoefficients, 3);
    checkInteger(this.name, 'nsSteps', nsSteps, 0);
    if (nsSteps >= 100) throw new ArgumentError(`Muon: nsSteps must be below 100; got ${nsSteps}`);
    if (adjustLrFn !== null) checkOneOf(this.name, 'adjustLrFn', adjustLrFn, ['original', 'match_rms_adamw']);
  }

  protected override updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: MuonOptions): readonly Update[] {
    const { lr, weightDecay, momentum, nesterov, adjustLrFn } = options;
    const buffer = state.slot('momentumBuffer');
    const nextBuffer = follow(buffer, gradient, momentum);
    const direction = nesterov ? follow(nextBuffer, gradient, momentum) : nextBuffer;
    const rate = lr * scaleOf(parameter.shape, adjustLrFn);
    const next = decayed(parameter, lr, weightDecay).sub(orthogonalized(direction, options).mul(rate));
    return paired([parameter, next], [buffer, nextBuffer]);
  }
}

function orthogonalized(direction: Tensor, { nsCoefficients, nsSteps, eps }: MuonOptions): Tensor {
  const [a, b, c] = nsCoefficients;
  const tall = direction.size(0) > direction.size(1);
  const flat = tall ? direction.transpose(0, 1) : direction;
  let x = flat.div(flat.square().sum().sqrt().clamp({ min: eps }));
  for (let i = 0; i < nsSteps; i++) {
    const gram = x.matmul(x.transpose(0, 1));
    x = x.mul(a).add(gram.mul(b).add(gram.matmul(gram).mul(c)).matmul(x));
  }
  return tall ? x.transpose(0, 1) : x;
}

function scaleOf([rows = 1, columns = 1]: Shape, adjust: MuonOptions['adjustLrFn']): number {
  return adjust === 'match_rms_adamw' ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns));
}
