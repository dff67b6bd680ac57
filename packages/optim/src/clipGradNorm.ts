import { ArgumentError, stack, type Tensor, zeros } from '@dl/tensor';
import { checkNumber, withGradMode } from '@dl/tensor/internal';
import { gradientsOf, replaceGradients } from './gradients.ts';
import { checkNonNegative } from './hyperparameters.ts';
import { listParameters } from './paramGroups.ts';

/** What `clipGradNorm` takes. */
export interface ClipGradNormOptions {
  /** The exponent of the norm, above 0; `Infinity` for the greatest absolute value. Default 2. */
  readonly normType?: number;
}

/**
 * Scales all gradients by `maxNorm / (norm + 1e-6)` where their norm, taken as of one long vector, is above `maxNorm`.
 * Returns that norm, from before. Nothing is computed yet. PyTorch: `torch.nn.utils.clip_grad_norm_`.
 *
 * @throws ArgumentError if `maxNorm` is negative or `normType` not above 0.
 * @example
 * loss.backward();
 * const norm = clipGradNorm(model.parameters(), 1);
 * await optimizer.step();
 */
export function clipGradNorm(parameters: Tensor | Iterable<Tensor>, maxNorm: number, options: ClipGradNormOptions = {}): Tensor {
  const { normType = 2 } = options;
  checkNonNegative('clipGradNorm', 'maxNorm', maxNorm);
  checkNumber('clipGradNorm', 'normType', normType);
  if (normType <= 0) throw new ArgumentError(`clipGradNorm: normType must be above 0; got ${normType}`);
  const owned = gradientsOf(listParameters('clipGradNorm', parameters));
  if (owned.length === 0) return zeros([]);
  const total = withGradMode('clipGradNorm', false, () => normOf(stack(owned.map(({ gradient }) => normOf(gradient, normType))), normType));
  const factor = withGradMode('clipGradNorm', false, () => total.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 }));
  replaceGradients('clipGradNorm', owned, (gradient) => gradient.mul(factor), [total]);
  return total;
}

function normOf(x: Tensor, p: number): Tensor {
  if (p === Number.POSITIVE_INFINITY) return x.abs().max();
  return p === 2
    ? x.square().sum().sqrt()
    : x
        .abs()
        .pow(p)
        .sum()
        .pow(1 / p);
}
