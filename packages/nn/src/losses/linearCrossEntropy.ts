import type { Shape, Tensor } from '@dl/tensor';
import { checkInteger, checkTensor, sizeOf } from '@dl/tensor/internal';
import { checkProbability, checkSize } from '../functional/checks.ts';
import type { CrossEntropyOptions } from '../functional/crossEntropy.ts';
import { linearCrossEntropy } from '../functional/linearCrossEntropy.ts';
import { Linear, type LinearOptions } from '../layers/linear.ts';
import type { Buffer } from '../parameter.ts';
import { bool, float, tuple } from '../repr.ts';
import { kept, Loss } from './loss.ts';

/** What `LinearCrossEntropyLoss` takes. */
export interface LinearCrossEntropyLossOptions extends Omit<CrossEntropyOptions, 'ignoreIndex'>, LinearOptions {
  /** How many losses an example has: `[d1, …]`; default `[]`, one. */
  readonly outFeatures?: Shape;
  /** A label that counts for nothing, for targets of labels; `null`, the default, is -100. */
  readonly ignoreIndex?: number | null;
}

/**
 * A linear layer and the cross entropy of its scores: input `[N, inFeatures]` or `[inFeatures]`, target of class indices, `[N, …outFeatures]`, or
 * of probabilities, `[N, numClasses, …outFeatures]`. `bias` is `false` unless given. PyTorch: `torch.nn.LinearCrossEntropyLoss`, without its `options`,
 * which cut the work of its own implementation.
 *
 * @throws ArgumentError for sizes or options out of range; ShapeError for a weight that is not one number a class; at the call as
 *   `functional.linearCrossEntropy`.
 * @example new LinearCrossEntropyLoss(512, 50_000)(hidden, tokens)
 */
export class LinearCrossEntropyLoss extends Loss {
  readonly linear: Linear;
  readonly weight: Buffer | null;
  readonly numClasses: number;
  readonly outFeatures: Shape;
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;

  constructor(inFeatures: number, numClasses: number, options: LinearCrossEntropyLossOptions = {}) {
    super(options);
    const { outFeatures = [], bias = false, dtype = 'float32', weight = null, ignoreIndex = null, labelSmoothing = 0 } = options;
    const name = 'LinearCrossEntropyLoss';
    checkInteger(name, 'inFeatures', inFeatures, 1);
    checkInteger(name, 'numClasses', numClasses, 1);
    for (const size of outFeatures) checkInteger(name, 'each of outFeatures', size, 1);
    if (ignoreIndex !== null) checkInteger(name, 'ignoreIndex', ignoreIndex);
    checkProbability(name, 'labelSmoothing', labelSmoothing);
    if (weight !== null) {
      checkTensor(name, 'weight', weight);
      checkSize(name, 'weight', weight, [numClasses]);
    }
    this.numClasses = numClasses;
    this.outFeatures = outFeatures;
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    this.weight = kept(weight);
    this.linear = new Linear(inFeatures, numClasses * sizeOf(outFeatures), { bias, dtype });
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { linear, numClasses, outFeatures, weight, reduction, ignoreIndex, labelSmoothing } = this;
    const linearWeight = linear.weight.reshape([numClasses, ...outFeatures, linear.inFeatures]);
    const linearBias = linear.bias?.reshape([numClasses, ...outFeatures]) ?? null;
    return linearCrossEntropy(input, linearWeight, target, { linearBias, weight, reduction, ignoreIndex, labelSmoothing });
  }

  override extraRepr(): string {
    const { linear, numClasses, outFeatures, reduction, ignoreIndex, labelSmoothing } = this;
    const sizes = `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${tuple(outFeatures)}, bias=${bool(linear.bias !== null)}`;
    return `${sizes}, reduction=${reduction}, ignore_index=${ignoreIndex ?? 'None'}, label_smoothing=${float(labelSmoothing)}, options=None`;
  }
}
