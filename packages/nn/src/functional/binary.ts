import { customGradient } from '@dl/autograd';
import { DTypeError, type Tensor } from '@dl/tensor';
import { broadcastShapes, checkTensor, sameShape } from '@dl/tensor/internal';
import { checkInputs, checkSize, numericTarget } from './checks.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/** What losses of yes and no take. */
export interface BCELossOptions extends ReductionOptions {
  /** A factor for each element; it broadcasts. Default ones. */
  readonly weight?: Tensor | null;
}

/** What `binaryCrossEntropyWithLogits` takes. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** A factor for the targets that are 1; it broadcasts. Default ones. */
  readonly posWeight?: Tensor | null;
}

/**
 * `-(target log input + (1 - target) log(1 - input))` of probabilities, logarithms not below -100. PyTorch: `torch.nn.functional.binary_cross_entropy`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example binaryCrossEntropy(sigmoid(logits), target)
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  const wanted = numericTarget('binaryCrossEntropy', input, target);
  return reduced('binaryCrossEntropy', weighted('binaryCrossEntropy', clampedEntropy(input, wanted), options.weight ?? null), options);
}

/**
 * The same of `sigmoid(input)`, without overflow. PyTorch: `torch.nn.functional.binary_cross_entropy_with_logits`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example binaryCrossEntropyWithLogits(logits, target, { posWeight: tensor([3]) })
 */
export function binaryCrossEntropyWithLogits(input: Tensor, target: Tensor, options: BCEWithLogitsLossOptions = {}): Tensor {
  const { weight = null, posWeight = null } = options;
  const wanted = numericTarget('binaryCrossEntropyWithLogits', input, target);
  const logs = input.logsigmoid();
  const scaled = posWeight === null ? logs : logs.mul(positives(posWeight, wanted));
  const losses = rest(wanted).mul(input).sub(scaled);
  return reduced('binaryCrossEntropyWithLogits', weighted('binaryCrossEntropyWithLogits', losses, weight), options);
}

/**
 * `log(1 + e^(-target · input))` for targets of 1 and -1. PyTorch: `torch.nn.functional.soft_margin_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example softMarginLoss(scores, signs)
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  const wanted = numericTarget('softMarginLoss', input, target);
  return reduced('softMarginLoss', wanted.mul(input).logsigmoid().neg(), options);
}

/**
 * The mean over classes of the binary cross entropy with logits. PyTorch: `torch.nn.functional.multilabel_soft_margin_loss`.
 *
 * @throws ShapeError naming both shapes if they differ.
 * @example multilabelSoftMarginLoss(logits, target)
 */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  const wanted = numericTarget('multilabelSoftMarginLoss', input, target);
  const gains = wanted.mul(input.logsigmoid()).add(rest(wanted).mul(input.neg().logsigmoid()));
  const losses = weighted('multilabelSoftMarginLoss', gains.neg(), options.weight ?? null).mean({ dim: -1 });
  return reduced('multilabelSoftMarginLoss', losses, options);
}

/** PyTorch's gradient stays finite where a logarithm is held at -100: `(p - t) / max(p (1 - p), 1e-12)`. */
const clampedEntropy = customGradient(
  (p: Tensor, t: Tensor) =>
    t
      .sub(1)
      .mul(clampedLog(rest(p)))
      .sub(t.mul(clampedLog(p))),
  (g, { inputs: [p, t] }) => [g.mul(p.sub(t)).div(p.mul(rest(p)).clamp({ min: 1e-12 })), g.mul(clampedLog(rest(p)).sub(clampedLog(p)))],
);

function rest(p: Tensor): Tensor {
  return p.neg().add(1);
}

function clampedLog(p: Tensor): Tensor {
  return p.log().clamp({ min: -100 });
}

function weighted(caller: string, losses: Tensor, weight: Tensor | null): Tensor {
  if (weight === null) return losses;
  checkTensor(caller, 'weight', weight);
  if (weight.dtype !== losses.dtype)
    throw new DTypeError(`${caller}: weight and input must have one dtype; got ${weight.dtype} and ${losses.dtype}`);
  if (!sameShape(broadcastShapes(caller, weight.shape, losses.shape), losses.shape)) checkSize(caller, 'weight', weight, losses.shape);
  return losses.mul(weight);
}

/** `1 + (posWeight - 1) target`. */
function positives(posWeight: Tensor, target: Tensor): Tensor {
  checkInputs('binaryCrossEntropyWithLogits', { target, posWeight });
  return posWeight.sub(1).mul(target).add(1);
}
