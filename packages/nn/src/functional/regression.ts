import { type Tensor, where } from '@dl/tensor';
import { checkNonNegative, checkPositive, numericTarget } from './checks.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/** What `smoothL1Loss` takes. */
export interface SmoothL1LossOptions extends ReductionOptions {
  /** Below this difference the loss is quadratic; default 1. */
  readonly beta?: number;
}

/** What `huberLoss` takes. */
export interface HuberLossOptions extends ReductionOptions {
  /** Below this difference the loss is quadratic; default 1. */
  readonly delta?: number;
}

/**
 * `(input - target)²`. PyTorch: `torch.nn.functional.mse_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example mseLoss(prediction, target)
 */
export function mseLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduced('mseLoss', input.sub(numericTarget('mseLoss', input, target)).square(), options);
}

/**
 * `|input - target|`. PyTorch: `torch.nn.functional.l1_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example l1Loss(prediction, target)
 */
export function l1Loss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduced('l1Loss', input.sub(numericTarget('l1Loss', input, target)).abs(), options);
}

/**
 * With `d = |input - target|`: `d² / (2 beta)` below beta, `d - beta / 2` from there (Girshick 2015). PyTorch: `torch.nn.functional.smooth_l1_loss`.
 *
 * @throws ShapeError naming both shapes if they differ; ArgumentError if beta is negative.
 * @example smoothL1Loss(prediction, target, { beta: 0.5 })
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta = 1 } = options;
  checkNonNegative('smoothL1Loss', 'beta', beta);
  if (beta === 0) return l1Loss(input, target, options);
  const difference = input.sub(numericTarget('smoothL1Loss', input, target));
  const distance = difference.abs();
  const losses = where(distance.lt(beta), difference.square().mul(0.5 / beta), distance.sub(beta / 2));
  return reduced('smoothL1Loss', losses, options);
}

/**
 * With `d = |input - target|`: `d² / 2` up to delta, `delta (d - delta / 2)` from there (Huber 1964). PyTorch: `torch.nn.functional.huber_loss`.
 *
 * @throws ShapeError naming both shapes if they differ; ArgumentError unless delta is above 0.
 * @example huberLoss(prediction, target, { delta: 0.5 })
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta = 1 } = options;
  checkPositive('huberLoss', 'delta', delta);
  const difference = input.sub(numericTarget('huberLoss', input, target));
  const distance = difference.abs();
  const losses = where(distance.le(delta), difference.square().mul(0.5), distance.sub(delta / 2).mul(delta));
  return reduced('huberLoss', losses, options);
}
