import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkNonNegative, checkSize } from './checks.ts';
import type { LayerNormOptions } from './layerNorm.ts';
import { checkCount, normalizedRows, perChannel } from './rows.ts';

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` of x `[N, C, …]`, with mean and biased variance over each of `numGroups` groups of
 * neighbouring channels of each example; weight and bias are `[C]` (Wu and He 2018). PyTorch: `torch.nn.functional.group_norm`.
 *
 * @throws ShapeError if x has less than 2 dims, or weight and bias are not one number a channel; ArgumentError if the groups do not divide
 *   the channels, or there is but one value in all.
 * @example groupNorm(x, 8, { weight, bias })
 */
export function groupNorm(x: Tensor, numGroups: number, options: LayerNormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkInputs('groupNorm', { x, weight, bias });
  checkInteger('groupNorm', 'numGroups', numGroups, 1);
  checkNonNegative('groupNorm', 'eps', eps);
  if (x.ndim < 2) throw new ShapeError(`groupNorm: x must be [N, C, …]; got ${formatShape(x.shape)}`);
  const [examples = 0, channels = 0] = x.shape;
  checkGroups('groupNorm', numGroups, 'x has', channels);
  if (weight !== null) checkSize('groupNorm', 'weight', weight, [channels]);
  if (bias !== null) checkSize('groupNorm', 'bias', bias, [channels]);
  if (x.numel() > 0) checkCount('groupNorm', 'group', x.numel() / numGroups, x);
  const [normal] = normalizedRows(x, examples * numGroups, { eps });
  const scaled = weight === null ? normal : normal.mul(perChannel(x, weight));
  return bias === null ? scaled : scaled.add(perChannel(x, bias));
}

/** Refuses groups of unequal sizes. */
export function checkGroups(caller: string, numGroups: number, whose: string, channels: number): void {
  if (channels % numGroups === 0) return;
  throw new ArgumentError(`${caller}: numGroups must divide the channels; got ${numGroups} groups where ${whose} ${channels} channels`);
}
