import type { Tensor } from '@dl/tensor';
import { gradientsOf, replaceGradients } from './gradients.ts';
import { checkNonNegative } from './hyperparameters.ts';
import { listParameters } from './paramGroups.ts';

/**
 * Brings every element of every gradient into `[-clipValue, clipValue]`. Nothing is computed yet. PyTorch: `torch.nn.utils.clip_grad_value_`.
 *
 * @throws ArgumentError if `clipValue` is negative.
 * @example clipGradValue(model.parameters(), 0.5);
 */
export function clipGradValue(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  checkNonNegative('clipGradValue', 'clipValue', clipValue);
  const owned = gradientsOf(listParameters('clipGradValue', parameters));
  replaceGradients('clipGradValue', owned, (gradient) => gradient.clamp({ min: -clipValue, max: clipValue }));
}
