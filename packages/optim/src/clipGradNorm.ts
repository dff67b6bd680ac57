import { ShapeError, type Tensor } from '@dl/tensor';
import { checkTensor, formatShape, withGradMode } from '@dl/tensor/internal';
import { gradientsOf, type Owned, replaceGradients } from './gradients.ts';
import { checkNonNegative } from './hyperparameters.ts';
import { listParameters } from './paramGroups.ts';
import { type TotalNormOptions, totalNorm } from './totalNorm.ts';

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
export function clipGradNorm(parameters: Tensor | Iterable<Tensor>, maxNorm: number, options: TotalNormOptions = {}): Tensor {
  checkNonNegative('clipGradNorm', 'maxNorm', maxNorm);
  const owned = gradientsOf(listParameters('clipGradNorm', parameters));
  const gradients = owned.map(({ gradient }) => gradient);
  const total = totalNorm('clipGradNorm', gradients, options);
  scaleDown('clipGradNorm', owned, maxNorm, total);
  return total;
}

/**
 * Scales all gradients by `maxNorm / (totalNorm + 1e-6)` where `totalNorm`, as `getTotalNorm` gives it, is above `maxNorm`: the second half of
 * `clipGradNorm`, for a norm of more tensors than these. Nothing is computed yet. PyTorch: `torch.nn.utils.clip_grads_with_norm_`.
 *
 * @throws ArgumentError if `maxNorm` is negative; ShapeError unless `totalNorm` is one number.
 * @example clipGradsWithNorm(model.parameters(), 1, norm)
 */
export function clipGradsWithNorm(parameters: Tensor | Iterable<Tensor>, maxNorm: number, totalNorm: Tensor): void {
  checkNonNegative('clipGradsWithNorm', 'maxNorm', maxNorm);
  checkTensor('clipGradsWithNorm', 'totalNorm', totalNorm);
  if (totalNorm.numel() !== 1) throw new ShapeError(`clipGradsWithNorm: totalNorm must be one number; got ${formatShape(totalNorm.shape)}`);
  const owned = gradientsOf(listParameters('clipGradsWithNorm', parameters));
  scaleDown('clipGradsWithNorm', owned, maxNorm, totalNorm.reshape([]));
}

function scaleDown(caller: string, owned: readonly Owned[], maxNorm: number, total: Tensor): void {
  if (owned.length === 0) return;
  const factor = withGradMode(caller, false, () => total.detach().add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 }));
  replaceGradients(caller, owned, (gradient) => gradient.mul(factor), [total]);
}
