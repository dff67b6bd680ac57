import { dropout, type Tensor } from '@dl/tensor';
import { checkProbability } from '../functional/checks.ts';
import { Module } from '../module.ts';
import { float } from '../repr.ts';

/**
 * In training, zeroes each element with probability p and scales the rest by `1 / (1 - p)`; in evaluation, nothing (Srivastava et al. 2014).
 * PyTorch: `torch.nn.Dropout`.
 *
 * @throws ArgumentError if p is not in [0, 1].
 * @example new Dropout(0.2)(h)
 */
export class Dropout extends Module {
  /** May be set at any time. */
  p: number;

  constructor(p = 0.5) {
    super();
    checkProbability('Dropout', 'p', p);
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }

  override extraRepr(): string {
    return `p=${float(this.p)}, inplace=False`;
  }
}
