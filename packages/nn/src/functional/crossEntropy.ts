import { ArgumentError, type Tensor } from '@dl/tensor';
import { apply, describe } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';
import { checkClassWeight, classDim, classesLast, holdsProbabilities, type Labelled, labelled, labelWeights } from './labels.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/** What `nllLoss` takes. */
export interface NLLLossOptions extends ReductionOptions {
  /** A factor for each class; default ones. */
  readonly weight?: Tensor | null;
  /** A label that counts for nothing; default -100. */
  readonly ignoreIndex?: number;
}

/** What `crossEntropy` takes. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** How much of the target is spread evenly over all classes, in [0, 1] (Szegedy et al. 2016); default 0. */
  readonly labelSmoothing?: number;
}

/**
 * `-log softmax(input)[target]`: input `[N, C]`, `[C]` or `[N, C, d1, …]`, target class indices without C, or probabilities with C. The
 * mean is over labels that are not ignored, each with its class's weight. PyTorch: `torch.nn.functional.cross_entropy`.
 *
 * @throws ShapeError, DTypeError naming input and target if they do not fit; IndexError, when it is computed, for a label that is no class.
 * @example crossEntropy(logits, labels, { labelSmoothing: 0.1 })
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { weight = null, labelSmoothing = 0, ignoreIndex = -100 } = options;
  checkSmoothing(labelSmoothing);
  if (holdsProbabilities(input, target)) return fromProbabilities(input, target, options);
  const rows = labelled('crossEntropy', input, target, ignoreIndex);
  checkClassWeight('crossEntropy', weight, input);
  const losses = apply('crossEntropy', [rows.scores, rows.labels], { ignoreIndex }, []);
  if (weight === null && labelSmoothing === 0)
    return meanOverLabels('crossEntropy', losses.reshape(target.shape), () => counted(rows, ignoreIndex), options);
  const weights = weight === null ? null : labelWeights(rows, weight, ignoreIndex);
  const weighted = weights === null ? losses : losses.mul(weights);
  const mixed = labelSmoothing === 0 ? weighted : smoothed(weighted, rows, weight, labelSmoothing);
  return meanOverLabels('crossEntropy', rows.restore(mixed), () => weights?.sum() ?? counted(rows, ignoreIndex), options);
}

/**
 * `-input[target]` for log-probabilities, with crossEntropy's shapes and means. PyTorch: `torch.nn.functional.nll_loss`.
 *
 * @throws ShapeError, DTypeError naming input and target if they do not fit; IndexError, when it is computed, for a label that is no class.
 * @example nllLoss(logSoftmax(logits, 1), labels)
 */
export function nllLoss(input: Tensor, target: Tensor, options: NLLLossOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100 } = options;
  const rows = labelled('nllLoss', input, target, ignoreIndex);
  checkClassWeight('nllLoss', weight, input);
  const picked = apply('gather', [rows.scores, rows.safe.unsqueeze(1)], { dim: 1 }, []).squeeze({ dim: 1 });
  const weights = weight === null ? null : labelWeights(rows, weight, ignoreIndex);
  const losses = (weights === null ? picked : picked.mul(weights)).neg();
  return meanOverLabels('nllLoss', rows.restore(losses), () => weights?.sum() ?? counted(rows, ignoreIndex), options);
}

/** `(1 - ε) loss + ε / C Σ -w log p`. */
function smoothed(losses: Tensor, { scores }: Labelled, weight: Tensor | null, amount: number): Tensor {
  const logs = scores.logSoftmax(1);
  const even = (weight === null ? logs : logs.mul(weight)).sum({ dim: 1 });
  return losses.mul(1 - amount).sub(even.mul(amount / scores.size(1)));
}

/** The mean is over what the labels weigh together, not over their number. */
function meanOverLabels(caller: string, losses: Tensor, total: () => Tensor, { reduction = 'mean' }: ReductionOptions): Tensor {
  if (reduction !== 'mean') return reduced(caller, losses, { reduction });
  return losses.sum().div(total().to(losses.dtype));
}

/** How many labels are not ignored. */
function counted({ labels }: Labelled, ignoreIndex: number): Tensor {
  return labels.ne(ignoreIndex).sum();
}

function fromProbabilities(input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = null, labelSmoothing = 0, reduction = 'mean' } = options;
  checkInputs('crossEntropy', { input, target });
  checkClassWeight('crossEntropy', weight, input);
  const [scores, wanted] = [classesLast(input), classesLast(target)];
  const classes = scores.size(1);
  const targets = labelSmoothing === 0 ? wanted : wanted.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  const products = scores.logSoftmax(1).mul(targets);
  const losses = (weight === null ? products : products.mul(weight)).sum({ dim: 1 }).neg();
  return reduced('crossEntropy', losses.reshape(input.shape.filter((_, dim) => dim !== classDim(input))), { reduction });
}

function checkSmoothing(amount: unknown): void {
  if (typeof amount === 'number' && amount >= 0 && amount <= 1) return;
  throw new ArgumentError(`crossEntropy: labelSmoothing must be a number in [0, 1]; got ${describe(amount)}`);
}
