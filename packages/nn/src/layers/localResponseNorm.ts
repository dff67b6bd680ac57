import type { Tensor } from '@dl/tensor';
import { checkFinite, checkInteger } from '@dl/tensor/internal';
import { type LocalResponseNormOptions, localResponseNorm } from '../functional/localResponseNorm.ts';
import { Module } from '../module.ts';
import { float } from '../repr.ts';

/**
 * `x / (k + alpha · mean)^beta`, with the mean of the squares of `size` neighbouring channels, of x `[N, C, …]` (Krizhevsky et al. 2012).
 * PyTorch: `torch.nn.LocalResponseNorm`.
 *
 * @throws ArgumentError if the size is not a whole number from 1 up; at the call ShapeError if x has less than 3 dims.
 * @example new LocalResponseNorm(5)(features)
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
    checkInteger('LocalResponseNorm', 'size', size, 1);
    for (const [name, value] of Object.entries({ alpha, beta, k })) checkFinite('LocalResponseNorm', name, value);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    const { size, alpha, beta, k } = this;
    return localResponseNorm(x, size, { alpha, beta, k });
  }

  override extraRepr(): string {
    return `${this.size}, alpha=${float(this.alpha)}, beta=${float(this.beta)}, k=${float(this.k)}`;
  }
}
