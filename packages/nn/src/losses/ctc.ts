import type { Tensor } from '@dl/tensor';
import { type CTCLossOptions, checkBlank, ctcLoss, type Lengths } from '../functional/ctcLoss.ts';
import { Loss } from './loss.ts';

/**
 * The negative logarithm of the probability of a sequence of labels, summed over all ways to align it with the inputs (Graves et al. 2006):
 * log-probabilities `[T, N, C]` or `[T, C]`; targets `[N, S]`, padded, or all one behind the other in a vector. The mean is that of each
 * loss divided by its target's length. PyTorch: `torch.nn.CTCLoss`.
 *
 * @throws ArgumentError for a negative blank; at the call as `functional.ctcLoss`.
 * @example new CTCLoss()(logSoftmax(scores, 2), targets, [50, 45], [10, 12])
 */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(options: CTCLossOptions = {}) {
    super(options);
    this.blank = options.blank ?? 0;
    this.zeroInfinity = options.zeroInfinity ?? false;
    checkBlank('CTCLoss', this.blank);
  }

  override forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    const { blank, zeroInfinity, reduction } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, zeroInfinity, reduction });
  }
}
