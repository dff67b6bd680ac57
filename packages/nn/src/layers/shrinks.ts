import { ArgumentError, hardshrink, type ShrinkOptions, softshrink, type Tensor, tanhshrink } from '@dl/tensor';
import { checkFinite } from '@dl/tensor/internal';
import { Module } from '../module.ts';
import { float } from '../repr.ts';

/**
 * `x - tanh(x)`. PyTorch: `torch.nn.Tanhshrink`.
 *
 * @example new Tanhshrink()(x)
 */
export class Tanhshrink extends Module {
  override forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}

/**
 * `x`, but zero where `|x| <= lambd`. PyTorch: `torch.nn.Hardshrink`.
 *
 * @throws ArgumentError if `lambd` is negative or not finite.
 * @example new Hardshrink({ lambd: 0.25 })(x)
 */
export class Hardshrink extends Module {
  readonly lambd: number;

  constructor(options: ShrinkOptions = {}) {
    super();
    this.lambd = checkedLambd('Hardshrink', options);
  }

  override forward(x: Tensor): Tensor {
    return hardshrink(x, { lambd: this.lambd });
  }

  override extraRepr(): string {
    return float(this.lambd);
  }
}

/**
 * `x` moved towards zero by `lambd`, and zero where `|x| <= lambd`. PyTorch: `torch.nn.Softshrink`.
 *
 * @throws ArgumentError if `lambd` is negative or not finite.
 * @example new Softshrink({ lambd: 0.25 })(x)
 */
export class Softshrink extends Module {
  readonly lambd: number;

  constructor(options: ShrinkOptions = {}) {
    super();
    this.lambd = checkedLambd('Softshrink', options);
  }

  override forward(x: Tensor): Tensor {
    return softshrink(x, { lambd: this.lambd });
  }

  override extraRepr(): string {
    return float(this.lambd);
  }
}

function checkedLambd(caller: string, { lambd = 0.5 }: ShrinkOptions): number {
  checkFinite(caller, 'lambd', lambd);
  if (lambd < 0) throw new ArgumentError(`${caller}: lambd must not be negative; got ${lambd}`);
  return lambd;
}
