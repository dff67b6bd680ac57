import type { Tensor } from '@dl/tensor';
import { checkSlopes, type RReluOptions, rrelu } from '../functional/rrelu.ts';
import { Module } from '../module.ts';

/**
 * `x` above 0, else `slope · x`: in training with a slope drawn for each element, uniform in `[lower, upper)`, in evaluation with their mean
 * (Xu et al. 2015). PyTorch: `torch.nn.RReLU`.
 *
 * @throws ArgumentError if lower is above upper.
 * @example new RReLU({ lower: 0.1, upper: 0.3 })(x)
 */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;

  constructor(options: Omit<RReluOptions, 'training'> = {}) {
    super();
    this.lower = options.lower ?? 1 / 8;
    this.upper = options.upper ?? 1 / 3;
    checkSlopes('RReLU', this.lower, this.upper);
  }

  override forward(x: Tensor): Tensor {
    const { lower, upper, training } = this;
    return rrelu(x, { lower, upper, training });
  }

  override extraRepr(): string {
    return `lower=${this.lower}, upper=${this.upper}`;
  }
}
