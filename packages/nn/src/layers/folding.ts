import type { Tensor } from '@dl/tensor';
import { type FoldOptions, fold, unfold } from '../functional/folding.ts';
import { Module } from '../module.ts';
import { checked, shownSizes } from './pooling.ts';

type Two = readonly [number, number];
type Sizes = number | readonly number[];

/** What `Fold` and `Unfold` share. */
abstract class Windowed extends Module {
  readonly kernelSize: number | Two;
  readonly dilation: number | Two;
  readonly padding: number | Two;
  readonly stride: number | Two;

  constructor(kernelSize: number | Two, { dilation = 1, padding = 0, stride = 1 }: FoldOptions) {
    super();
    const caller = new.target.name;
    this.kernelSize = checked(caller, 'kernelSize', kernelSize, 2, 1) as number | Two;
    this.dilation = checked(caller, 'dilation', dilation, 2, 1) as number | Two;
    this.padding = checked(caller, 'padding', padding, 2, 0) as number | Two;
    this.stride = checked(caller, 'stride', stride, 2, 1) as number | Two;
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    const sizes: Record<string, Sizes> = { kernel_size: kernelSize, dilation, padding, stride };
    return shownSizes(sizes);
  }
}

/**
 * The elements of each window as a column: x `[N, C, H, W]` or `[C, H, W]` gives `[N, C · KH · KW, L]`, L windows row by row.
 * PyTorch: `torch.nn.Unfold`.
 *
 * @throws ArgumentError for settings out of range; at the call ShapeError if the rank is wrong or the kernel is larger than the padded
 *   input.
 * @example new Unfold([2, 3])(images)
 */
export class Unfold extends Windowed {
  constructor(kernelSize: number | Two, options: FoldOptions = {}) {
    super(kernelSize, options);
  }

  override forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this);
  }
}

/**
 * Adds columns up where their windows lie in an image of `outputSize`: the transpose of `Unfold`. x is `[N, C · KH · KW, L]` or without
 * N; the result `[N, C, H, W]`. PyTorch: `torch.nn.Fold`.
 *
 * @throws ArgumentError for settings out of range; at the call ShapeError if the columns are no windows of such an image.
 * @example new Fold([4, 5], 2)(columns)
 */
export class Fold extends Windowed {
  readonly outputSize: number | Two;

  constructor(outputSize: number | Two, kernelSize: number | Two, options: FoldOptions = {}) {
    super(kernelSize, options);
    this.outputSize = checked('Fold', 'outputSize', outputSize, 2, 1) as number | Two;
  }

  override forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this);
  }

  override extraRepr(): string {
    return `${shownSizes({ output_size: this.outputSize })}, ${super.extraRepr()}`;
  }
}
