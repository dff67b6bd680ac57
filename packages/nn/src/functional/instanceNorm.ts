import { ShapeError, type Tensor } from '@dl/tensor';
import { checkFinite, formatShape } from '@dl/tensor/internal';
import { batchNorm, follow } from './batchNorm.ts';
import { checkInputs, checkNonNegative, checkSize } from './checks.ts';
import type { LayerNormOptions } from './layerNorm.ts';
import { checkCount, normalizedRows } from './rows.ts';

/** What `instanceNorm` takes. */
export interface InstanceNormOptions extends LayerNormOptions {
  /** `[C]`; follows the mean of all instances, or is taken itself. Default: none. */
  readonly runningMean?: Tensor | null;
  /** `[C]`; the same of unbiased variances. Default: none. */
  readonly runningVar?: Tensor | null;
  /** Whether each instance's own statistics are taken, rather than the running ones; default `true`. */
  readonly useInputStats?: boolean;
  /** How far the running statistics follow; default 0.1. */
  readonly momentum?: number;
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` of x `[N, C, …]`, with mean and biased variance of each channel of each example;
 * weight and bias are `[C]` (Ulyanov et al. 2016). PyTorch: `torch.nn.functional.instance_norm`.
 *
 * @throws ShapeError if x has less than 3 dims or another tensor is not one number a channel; ArgumentError if a channel has but one value,
 *   or without running statistics where they are wanted.
 * @example instanceNorm(x, { weight, bias })
 */
export function instanceNorm(x: Tensor, options: InstanceNormOptions = {}): Tensor {
  const { runningMean = null, runningVar = null, weight = null, bias = null } = options;
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  checkInputs('instanceNorm', { x, runningMean, runningVar, weight, bias });
  checkNonNegative('instanceNorm', 'eps', eps);
  checkFinite('instanceNorm', 'momentum', momentum);
  if (x.ndim < 3) throw new ShapeError(`instanceNorm: x must be [N, C, …] with at least 3 dims; got ${formatShape(x.shape)}`);
  checkChannels(x, { runningMean, runningVar, weight, bias });
  if (!useInputStats) return batchNorm(x, runningMean, runningVar, { weight, bias, eps });
  const [examples = 0, channels = 0] = x.shape;
  const count = x.numel() / (examples * channels);
  if (x.numel() > 0) checkCount('instanceNorm', 'channel', count, x);
  const each = { weight: repeated(weight, examples), bias: repeated(bias, examples), eps };
  const [output, mean, variance] = normalizedRows(x, examples * channels, each);
  const overExamples = (statistic: Tensor): Tensor => statistic.detach().reshape([examples, channels]).mean({ dim: 0 });
  if (runningMean !== null) follow(runningMean, overExamples(mean), momentum);
  if (runningVar !== null) follow(runningVar, overExamples(variance).mul(count / (count - 1)), momentum);
  return output;
}

/** One number a channel, for each channel of each example. */
function repeated(values: Tensor | null, examples: number): Tensor | null {
  return values?.expand([examples, values.numel()]).reshape([examples * values.numel()]) ?? null;
}

function checkChannels(x: Tensor, given: Readonly<Record<string, Tensor | null>>): void {
  for (const [name, values] of Object.entries(given)) if (values !== null) checkSize('instanceNorm', name, values, [x.size(1)]);
}
