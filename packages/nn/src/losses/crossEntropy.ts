import type { Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { checkProbability } from '../functional/checks.ts';
import { type CrossEntropyOptions, crossEntropyAs, type NLLLossOptions, nllLossAs } from '../functional/crossEntropy.ts';
import type { Buffer } from '../parameter.ts';
import { kept, Loss } from './loss.ts';

/**
 * `-log softmax(input)[target]`: input `[N, C]`, `[C]` or `[N, C, d1, …]` of unnormalised scores; target of class indices, without C, or
 * of probabilities, with C. The mean is over labels that are not ignored, each with its class's weight. PyTorch: `torch.nn.CrossEntropyLoss`.
 *
 * @throws ArgumentError for options out of range; at the call ShapeError, DTypeError naming input and target if they do not fit; IndexError,
 *   when it is computed, for a label that is no class.
 * @example
 * const criterion = new CrossEntropyLoss({ labelSmoothing: 0.1 });
 * const loss = criterion(model(images), labels);
 */
export class CrossEntropyLoss extends Loss {
  readonly weight: Buffer | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions = {}) {
    super(options);
    const { weight, ignoreIndex = -100, labelSmoothing = 0 } = options;
    checkInteger('CrossEntropyLoss', 'ignoreIndex', ignoreIndex);
    checkProbability('CrossEntropyLoss', 'labelSmoothing', labelSmoothing);
    this.weight = kept(weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, labelSmoothing, reduction } = this;
    return crossEntropyAs(this.constructor.name, input, target, { weight, ignoreIndex, labelSmoothing, reduction });
  }
}

/**
 * `-input[target]` for log-probabilities, with `CrossEntropyLoss`'s shapes and means. PyTorch: `torch.nn.NLLLoss`.
 *
 * @throws ArgumentError for options out of range; at the call ShapeError, DTypeError naming input and target if they do not fit; IndexError,
 *   when it is computed, for a label that is no class.
 * @example new NLLLoss()(logProbabilities, labels)
 */
export class NLLLoss extends Loss {
  readonly weight: Buffer | null;
  readonly ignoreIndex: number;

  constructor(options: NLLLossOptions = {}) {
    super(options);
    const { weight, ignoreIndex = -100 } = options;
    checkInteger('NLLLoss', 'ignoreIndex', ignoreIndex);
    this.weight = kept(weight);
    this.ignoreIndex = ignoreIndex;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return nllLossAs(this.constructor.name, input, target, { weight, ignoreIndex, reduction });
  }
}
