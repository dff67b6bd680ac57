import { ShapeError, type Tensor, where } from '@dl/tensor';
import { checkOneOf, formatShape, sameShape } from '@dl/tensor/internal';
import { checkInputs, checkPositive, numericTarget } from './checks.ts';
import { type Reduction, type ReductionOptions, reduced } from './reduction.ts';

/** What `klDiv` takes. */
export interface KLDivOptions {
  /** Default `'mean'`, over all elements; `'batchmean'`, the sum over the batch's size, is the divergence itself. */
  readonly reduction?: Reduction | 'batchmean';
  /** Whether the target holds logarithms too; default `false`. */
  readonly logTarget?: boolean;
}

/** What `poissonNllLoss` takes. */
export interface PoissonNLLLossOptions extends ReductionOptions {
  /** Whether the input is the logarithm of the rate; default `true`. */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of the constant term; default `false`. */
  readonly full?: boolean;
  /** Added to the rate before its logarithm is taken; default 1e-8. */
  readonly eps?: number;
}

/** What `gaussianNllLoss` takes. */
export interface GaussianNLLLossOptions extends ReductionOptions {
  /** Add the constant term; default `false`. */
  readonly full?: boolean;
  /** The least variance; default 1e-6. */
  readonly eps?: number;
}

/**
 * `target (log target - input)`, of a target of probabilities and an input of log-probabilities. PyTorch: `torch.nn.functional.kl_div`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example klDiv(logSoftmax(logits, 1), probabilities, { reduction: 'batchmean' })
 */
export function klDiv(input: Tensor, target: Tensor, options: KLDivOptions = {}): Tensor {
  const { reduction = 'mean', logTarget = false } = options;
  checkKLReduction('klDiv', reduction);
  const wanted = numericTarget('klDiv', input, target);
  const losses = logTarget ? wanted.exp().mul(wanted.sub(input)) : xLogX(wanted).sub(wanted.mul(input));
  if (reduction === 'batchmean') return losses.sum().div(input.shape[0] ?? 1);
  return reduced('klDiv', losses, { reduction });
}

/**
 * `e^input - target · input`, or `input - target log(input + eps)`: a target of counts, an input of rates. PyTorch: `torch.nn.functional.poisson_nll_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example poissonNllLoss(logRates, counts)
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNLLLossOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8 } = options;
  checkPositive('poissonNllLoss', 'eps', eps);
  const counts = numericTarget('poissonNllLoss', input, target);
  const losses = logInput ? input.exp().sub(counts.mul(input)) : input.sub(counts.mul(input.add(eps).log()));
  return reduced('poissonNllLoss', full ? losses.add(stirling(counts)) : losses, options);
}

/**
 * `(log v + (input - target)² / v) / 2` with the variance v, of the input's shape, or with a last dim that is missing or 1.
 * PyTorch: `torch.nn.functional.gaussian_nll_loss`.
 *
 * @throws ShapeError naming the shapes if they do not fit.
 * @example gaussianNllLoss(mean, target, variance)
 */
export function gaussianNllLoss(input: Tensor, target: Tensor, variance: Tensor, options: GaussianNLLLossOptions = {}): Tensor {
  const { full = false, eps = 1e-6 } = options;
  checkPositive('gaussianNllLoss', 'eps', eps);
  checkInputs('gaussianNllLoss', { input, variance });
  const wanted = numericTarget('gaussianNllLoss', input, target);
  const given = variancePerElement(input, variance);
  // Held above eps without losing its gradient there.
  const held = given.add(given.clamp({ min: eps }).sub(given).detach());
  const losses = held.log().add(input.sub(wanted).square().div(held)).mul(0.5);
  return reduced('gaussianNllLoss', full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, options);
}

/** Refuses another word. */
export function checkKLReduction(caller: string, reduction: string): void {
  checkOneOf(caller, 'reduction', reduction, ['mean', 'batchmean', 'sum', 'none']);
}

/** `x log x`, 0 at 0. */
function xLogX(x: Tensor): Tensor {
  return where(x.eq(0), 0, x.mul(where(x.eq(0), 1, x).log()));
}

/** `log n!` for counts above 1. */
function stirling(n: Tensor): Tensor {
  const safe = where(n.gt(1), n, 1);
  return where(
    n.gt(1),
    safe
      .mul(safe.log())
      .sub(safe)
      .add(
        safe
          .mul(2 * Math.PI)
          .log()
          .mul(0.5),
      ),
    0,
  );
}

function variancePerElement(input: Tensor, variance: Tensor): Tensor {
  const outer = input.shape.slice(0, -1);
  if (sameShape(variance.shape, input.shape) || sameShape(variance.shape, [...outer, 1])) return variance;
  if (sameShape(variance.shape, outer)) return variance.unsqueeze(-1);
  const shapes = `input ${formatShape(input.shape)} and variance ${formatShape(variance.shape)}`;
  throw new ShapeError(`gaussianNllLoss: the variance must have the input's shape, or its last dim be missing or 1; got ${shapes}`);
}
