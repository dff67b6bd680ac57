import type { Tensor } from '@dl/tensor';
import {
  type BCELossOptions,
  type BCEWithLogitsLossOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from '../functional/binary.ts';
import type { ReductionOptions } from '../functional/reduction.ts';
import type { Buffer } from '../parameter.ts';
import { kept, Loss } from './loss.ts';

/**
 * `-(target log input + (1 - target) log(1 - input))` of probabilities, logarithms not below -100. PyTorch: `torch.nn.BCELoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new BCELoss()(probabilities, target)
 */
export class BCELoss extends Loss {
  readonly weight: Buffer | null;

  constructor(options: BCELossOptions = {}) {
    super(options);
    this.weight = kept(options.weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/**
 * `BCELoss` of `sigmoid(input)`, without overflow. PyTorch: `torch.nn.BCEWithLogitsLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new BCEWithLogitsLoss({ posWeight: tensor([3]) })(logits, target)
 */
export class BCEWithLogitsLoss extends Loss {
  readonly weight: Buffer | null;
  readonly posWeight: Buffer | null;

  constructor(options: BCEWithLogitsLossOptions = {}) {
    super(options);
    this.weight = kept(options.weight);
    this.posWeight = kept(options.posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/**
 * `log(1 + e^(-target · input))` for targets of 1 and -1. PyTorch: `torch.nn.SoftMarginLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new SoftMarginLoss()(scores, signs)
 */
export class SoftMarginLoss extends Loss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/**
 * The mean over classes of the binary cross entropy with logits. PyTorch: `torch.nn.MultiLabelSoftMarginLoss`.
 *
 * @throws ShapeError, at the call, naming both shapes if they differ.
 * @example new MultiLabelSoftMarginLoss()(logits, target)
 */
export class MultiLabelSoftMarginLoss extends Loss {
  readonly weight: Buffer | null;

  constructor(options: BCELossOptions = {}) {
    super(options);
    this.weight = kept(options.weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}
