import type { Shape, Tensor } from '@dl/tensor';
import { checkInteger, checkShape } from '@dl/tensor/internal';
import { Module } from '../module.ts';
import { tuple } from '../repr.ts';

/** What `Flatten` takes. */
export interface FlattenOptions {
  /** The first dim to join; default 1, so that the batch stays. */
  readonly startDim?: number;
  /** The last dim to join; default -1. */
  readonly endDim?: number;
}

/**
 * Joins dims into one: `[64, 1, 28, 28]` becomes `[64, 784]`. PyTorch: `torch.nn.Flatten`.
 *
 * @throws ArgumentError if dims are not whole numbers, or at the call if x has no such dims.
 * @example new Flatten()(images)
 */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(options: FlattenOptions = {}) {
    super();
    this.startDim = options.startDim ?? 1;
    this.endDim = options.endDim ?? -1;
    checkInteger('Flatten', 'startDim', this.startDim);
    checkInteger('Flatten', 'endDim', this.endDim);
  }

  override forward(x: Tensor): Tensor {
    return x.flatten({ startDim: this.startDim, endDim: this.endDim });
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * Splits a dim into several; one size may be -1. PyTorch: `torch.nn.Unflatten`.
 *
 * @throws ShapeError, at the call, if the sizes do not multiply to that of the dim.
 * @example new Unflatten(1, [1, 28, 28])(rows)
 */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: Shape;

  constructor(dim: number, unflattenedSize: Shape) {
    super();
    checkInteger('Unflatten', 'dim', dim);
    checkShape(
      'Unflatten',
      unflattenedSize.map((size) => (size === -1 ? 1 : size)),
    );
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${tuple(this.unflattenedSize)}`;
  }
}
