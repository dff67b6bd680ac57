import type { Tensor } from '@dl/tensor';
import { apply, checkTensor } from '@dl/tensor/internal';
import { checkInputs, checkProbability } from './checks.ts';
import { checkClassWeight, classDim, classesLast, holdsProbabilities, type Labelled, labelled, labelWeights } from './labels.ts';
import { checkReduction, type ReductionOptions, reduced } from './reduction.ts';

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
  return crossEntropyAs('crossEntropy', input, target, options);
}

/**
 * `-input[target]` for log-probabilities, with crossEntropy's shapes and means. PyTorch: `torch.nn.functional.nll_loss`.
 *
 * @throws ShapeError, DTypeError naming input and target if they do not fit; IndexError, when it is computed, for a label that is no class.
 * @example nllLoss(logSoftmax(logits, 1), labels)
 */
export function nllLoss(input: Tensor, target: Tensor, options: NLLLossOptions = {}): Tensor {
  return nllLossAs('nllLoss', input, target, options);
}

/** `crossEntropy` in the name of a caller. */
export function crossEntropyAs(caller: string, input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = null, labelSmoothing = 0, ignoreIndex = -100, reduction = 'mean' } = options;
  checkReduction(caller, reduction);
  checkProbability(caller, 'labelSmoothing', labelSmoothing);
  checkTensor(caller, 'input', input);
  checkTensor(caller, 'target', target);
  if (holdsProbabilities(input, target)) return fromProbabilities(caller, input, target, options);
  const rows = labelled(caller, input, target, ignoreIndex);
  checkClassWeight(caller, weight, input);
  const losses = apply('crossEntropy', [rows.scores, rows.labels], { ignoreIndex }, []);
  if (weight === null && labelSmoothing === 0)
    return meanOverLabels(caller, losses.reshape(target.shape), () => counted(rows, ignoreIndex), options);
  const weights = weight === null ? null : labelWeights(rows, weight, ignoreIndex);
  const weighted = weights === null ? losses : losses.mul(weights);
  const mixed = labelSmoothing === 0 ? weighted : smoothed(weighted, rows, weight, labelSmoothing);
  return meanOverLabels(caller, rows.restore(mixed), () => weights?.sum() ?? counted(rows, ignoreIndex), options);
}

/** `nllLoss` in the name of a caller. */
export function nllLossAs(caller: string, input: Tensor, target: Tensor, options: NLLLossOptions): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = 'mean' } = options;
  checkReduction(caller, reduction);
  const rows = labelled(caller, input, target, ignoreIndex);
  checkClassWeight(caller, weight, input);
  const picked = apply('gather', [rows.scores, rows.safe.unsqueeze(1)], { dim: 1 }, []).squeeze({ dim: 1 });
  const weights = weight === null ? null : labelWeights(rows, weight, ignoreIndex);
  const losses = (weights === null ? picked : picked.mul(weights)).neg();
  return meanOverLabels(caller, rows.restore(losses), () => weights?.sum() ?? counted(rows, ignoreIndex), options);
}

// ---------------------------------------------------------------------------------------------------------------------

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

function fromProbabilities(caller: string, input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = null, labelSmoothing = 0, reduction = 'mean' } = options;
  checkInputs(caller, { input, target });
  checkClassWeight(caller, weight, input);
  const [scores, wanted] = [classesLast(input), classesLast(target)];
  const classes = scores.size(1);
  const targets = labelSmoothing === 0 ? wanted : wanted.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  const products = scores.logSoftmax(1).mul(targets);
  const losses = (weight === null ? products : products.mul(weight)).sum({ dim: 1 }).neg();
  return reduced(caller, losses.reshape(input.shape.filter((_, dim) => dim !== classDim(input))), { reduction });
}
