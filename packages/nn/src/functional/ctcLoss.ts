import { arange, cat, type Tensor, where, zeros } from '@dl/tensor';
import { checkInteger, checkTensor } from '@dl/tensor/internal';
import { type Alignment, alignments } from './ctcTargets.ts';
import { checkReduction, type ReductionOptions } from './reduction.ts';

/** What `ctcLoss` takes. */
export interface CTCLossOptions extends ReductionOptions {
  /** The class that stands for no label; default 0. */
  readonly blank?: number;
  /** Whether losses of targets that cannot be aligned, which are infinite, count as 0, and give no gradient; default `false`. */
  readonly zeroInfinity?: boolean;
}

/** Lengths: one whole number an example, as a tensor or an array; one number for an example alone. */
export type Lengths = Tensor | readonly number[] | number;

/**
 * The negative logarithm of the probability of a sequence of labels, summed over all ways to align it with the inputs (Graves et al. 2006):
 * log-probabilities `[T, N, C]` or `[T, C]`; targets `[N, S]`, padded, or all one behind the other in a vector. The mean is that of each
 * loss divided by its target's length. PyTorch: `torch.nn.functional.ctc_loss`.
 *
 * Its gradient is the derivative by the log-probabilities; PyTorch's takes for granted that they come from `logSoftmax`, and differs where
 * they do not. Behind `logSoftmax` both are the same. A target longer than its input has an infinite loss, whose gradient is not finite.
 *
 * @throws ShapeError, DTypeError if the inputs do not fit; ArgumentError if lengths or the blank are out of range, where they are known, or
 *   a target holds the blank; IndexError, when it is computed, for a label that is no class.
 * @example ctcLoss(logSoftmax(scores, 2), targets, [50, 45], [10, 12])
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options: CTCLossOptions = {},
): Tensor {
  const { blank = 0, reduction = 'mean', zeroInfinity = false } = options;
  checkReduction('ctcLoss', reduction);
  checkTensor('ctcLoss', 'logProbs', logProbs);
  const alignment = alignments(logProbs, targets, inputLengths, targetLengths, blank);
  const losses = negativeLogLikelihoods(alignment);
  const impossible = losses.gt(-dead / 2);
  const factors = where(impossible, zeroInfinity ? 0 : Number.POSITIVE_INFINITY, zeros([], { dtype: losses.dtype }).add(1));
  const settled = losses.mul(factors);
  if (reduction === 'none') return logProbs.ndim === 2 ? settled.reshape([]) : settled;
  if (reduction === 'sum') return settled.sum();
  return settled.div(alignment.targetLengths.clamp({ min: 1 }).to(logProbs.dtype)).mean();
}

/** Refuses a blank that is no class, as far as that is known. */
export function checkBlank(caller: string, blank: number): void {
  checkInteger(caller, 'blank', blank, 0);
}

// ---------------------------------------------------------------------------------------------------------------------

/** The logarithm of no probability at all: finite, so that differences of two of them are numbers, and gradients stay numbers. */
const dead = -1e30;

/** `[N]`, `-dead` where no alignment exists. */
function negativeLogLikelihoods({ logProbs, labels, skips, inputLengths, targetLengths }: Alignment): Tensor {
  const [steps = 0, examples = 0, classes = 0] = logProbs.shape;
  const states = labels.size(1);
  const index = labels.unsqueeze(0).expand([steps, examples, states]);
  const emissions = logProbs.gather(2, index).clamp({ min: dead });
  const { dtype } = logProbs;
  const columns = arange(states, { dtype: 'int32' });
  const margin = zeros([examples, 2], { dtype }).add(dead);
  const skipCosts = where(skips, zeros([], { dtype }), dead);
  let reached: Tensor = where(columns.lt(2), emissions.select(0, 0), dead);
  for (let t = 1; t < steps; t++) {
    const next = arrivals(reached, margin, skipCosts).add(emissions.select(0, t));
    reached = where(inputLengths.gt(t).unsqueeze(1), next, reached);
  }
  const last = targetLengths.mul(2).unsqueeze(1);
  const ending = reached.gather(1, last);
  const beforeBlank = where(last.gt(0), reached.gather(1, last.sub(1).clamp({ min: 0 })), dead);
  const total = logSum([ending, beforeBlank]).reshape([examples]).neg();
  // Without inputs there is one way to write nothing.
  const started = where(inputLengths.gt(0), total, where(targetLengths.gt(0), zeros([], { dtype }).sub(dead), 0));
  return classes === 0 ? zeros([examples], { dtype }) : started;
}

/** What reaches each state in a step: from itself, from the one before it, and past a blank between different labels. */
function arrivals(reached: Tensor, margin: Tensor, skipCosts: Tensor): Tensor {
  const states = reached.size(1);
  const shifted = cat([margin, reached], { dim: 1 });
  return logSum([reached, shifted.narrow(1, 1, states), shifted.narrow(1, 0, states).add(skipCosts)]);
}

/** `log Σ e^x` of tensors, element by element. */
function logSum(terms: readonly Tensor[]): Tensor {
  const greatest = terms.reduce((a, b) => a.maximum(b)).detach();
  return terms
    .map((term) => term.sub(greatest).exp())
    .reduce((a, b) => a.add(b))
    .log()
    .add(greatest);
}
