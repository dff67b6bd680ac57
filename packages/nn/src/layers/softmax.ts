import { logSoftmax, ShapeError, softmax, type Tensor } from '@dl/tensor';
import { checkInteger, formatShape } from '@dl/tensor/internal';
import { softmin } from '../functional/activations.ts';
import { Module } from '../module.ts';

/** What the layers along one dim share. */
abstract class AlongDim extends Module {
  /** The dim whose values sum to 1. */
  readonly dim: number;

  constructor(dim: number) {
    super();
    checkInteger(new.target.name, 'dim', dim);
    this.dim = dim;
  }

  abstract override forward(x: Tensor): Tensor;

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * `e^xᵢ / Σ e^xⱼ` along a dim. PyTorch: `torch.nn.Softmax`.
 *
 * @throws ArgumentError if the dim is not a whole number, or at the call if x has no such dim.
 * @example new Softmax(1)(logits)
 */
export class Softmax extends AlongDim {
  override forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }
}

/**
 * `log softmax(x)` along a dim, without overflow. PyTorch: `torch.nn.LogSoftmax`.
 *
 * @throws ArgumentError if the dim is not a whole number, or at the call if x has no such dim.
 * @example new LogSoftmax(1)(logits)
 */
export class LogSoftmax extends AlongDim {
  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}

/**
 * `softmax(-x)` along a dim. PyTorch: `torch.nn.Softmin`.
 *
 * @throws ArgumentError if the dim is not a whole number, or at the call if x has no such dim.
 * @example new Softmin(1)(logits)
 */
export class Softmin extends AlongDim {
  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}

/**
 * Softmax over the channels of images `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.Softmax2d`.
 *
 * @throws ShapeError for another number of dims.
 * @example new Softmax2d()(images)
 */
export class Softmax2d extends Module {
  override forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) throw new ShapeError(`Softmax2d: x must be [N, C, H, W] or [C, H, W]; got ${formatShape(x.shape)}`);
    return softmax(x, -3);
  }
}
