import { ArgumentError, ones, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { apply, checkFinite, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';
import type { LayerNormOptions } from './layerNorm.ts';

/** What `batchNorm` takes. */
export interface BatchNormOptions extends LayerNormOptions {
  /** Take the batch's own statistics, and let the running ones follow; default `false`. */
  readonly training?: boolean;
  /** How far the running statistics follow the batch's; default 0.1. */
  readonly momentum?: number | Tensor;
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` for each channel of dim 1: in training with the mean and biased variance of the
 * batch, which the running statistics then follow (`running ← (1 - momentum) running + momentum batch`, with the unbiased variance);
 * else with the running statistics. PyTorch: `torch.nn.functional.batch_norm`.
 *
 * @throws ShapeError if x has less than 2 dims or other tensors are not one number a channel; ArgumentError in training with one value a
 *   channel, or without training and running statistics.
 * @example batchNorm(x, runningMean, runningVar, { weight, bias, training: true })
 */
export function batchNorm(x: Tensor, runningMean: Tensor | null, runningVar: Tensor | null, options: BatchNormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5, training = false, momentum = 0.1 } = options;
  checkInputs('batchNorm', { x, runningMean, runningVar, weight, bias });
  checkFinite('batchNorm', 'eps', eps);
  if (x.ndim < 2) throw new ShapeError(`batchNorm: x must be [N, C, …]; got ${formatShape(x.shape)}`);
  const channels = [x.size(1)];
  if (runningMean !== null) checkSize('batchNorm', 'runningMean', runningMean, channels);
  if (runningVar !== null) checkSize('batchNorm', 'runningVar', runningVar, channels);
  if (!training) return withRunningStatistics(x, runningMean, runningVar, options);
  const count = x.numel() / x.size(1);
  if (count <= 1) throw new ArgumentError(`batchNorm: training needs more than one value per channel; got x ${formatShape(x.shape)}`);
  const [output, mean, variance] = withBatchStatistics(x, weight, bias, eps);
  follow(runningMean, mean.detach(), momentum);
  follow(runningVar, variance.detach().mul(count / (count - 1)), momentum);
  return output;
}

function withBatchStatistics(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): readonly [output: Tensor, mean: Tensor, variance: Tensor] {
  const channels = [x.size(1)];
  const { dtype } = x;
  if (weight !== null) checkSize('batchNorm', 'weight', weight, channels);
  if (bias !== null) checkSize('batchNorm', 'bias', bias, channels);
  return apply('batchNorm', [x, weight ?? ones(channels, { dtype }), bias ?? zeros(channels, { dtype })], {}, [eps]);
}

function withRunningStatistics(x: Tensor, mean: Tensor | null, variance: Tensor | null, options: BatchNormOptions): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  if (mean === null || variance === null)
    throw new ArgumentError('batchNorm: running statistics must be given where training is false; got null');
  if (weight !== null) checkSize('batchNorm', 'weight', weight, mean.shape);
  if (bias !== null) checkSize('batchNorm', 'bias', bias, mean.shape);
  const perChannel = [x.size(1), ...new Array<number>(x.ndim - 2).fill(1)];
  const deviation = variance.add(eps).rsqrt();
  const factor = weight === null ? deviation : deviation.mul(weight);
  const scaled = x.sub(mean.reshape(perChannel)).mul(factor.reshape(perChannel));
  return bias === null ? scaled : scaled.add(bias.reshape(perChannel));
}

/** Lets running statistics follow those of a batch, if they are kept. */
export function follow(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  running?.assign(running.add(batch.sub(running).mul(momentum)));
}
