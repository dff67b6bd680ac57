import type { Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { bilinear } from '../functional/bilinear.ts';
import { linear } from '../functional/linear.ts';
import { uniformBetween } from '../init/recipes.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** What `Linear` and `Bilinear` take. */
export interface LinearOptions extends FloatingOptions {
  /** Whether a bias is learned; default `true`. */
  readonly bias?: boolean;
}

/**
 * `x Wᵀ + b` on the last dim: x `[…, inFeatures]` gives `[…, outFeatures]`. Weight and bias start uniform in `±1 / √inFeatures`.
 * PyTorch: `torch.nn.Linear`.
 *
 * @throws ArgumentError if the features are not whole numbers from 1 up; at the call ShapeError if the last dim has another size.
 * @example new Linear(784, 128)(images)
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[outFeatures, inFeatures]`. */
  readonly weight: Parameter;
  /** `[outFeatures]`, or `null`. */
  readonly bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkInteger('Linear', 'inFeatures', inFeatures, 1);
    checkInteger('Linear', 'outFeatures', outFeatures, 1);
    const { bias = true, dtype = 'float32' } = options;
    const bound = 1 / Math.sqrt(inFeatures);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(uniformBetween([outFeatures, inFeatures], dtype, -bound, bound));
    this.bias = bias ? new Parameter(uniformBetween([outFeatures], dtype, -bound, bound)) : null;
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bool(this.bias !== null)}`;
  }
}

/**
 * `x₁ᵀ Aᵢ x₂ + bᵢ` for each output i: x1 `[…, in1Features]` and x2 `[…, in2Features]` give `[…, outFeatures]`. Weight and bias start uniform
 * in `±1 / √in1Features`. PyTorch: `torch.nn.Bilinear`.
 *
 * @throws ArgumentError if the features are not whole numbers from 1 up; at the call ShapeError if the sizes do not fit.
 * @example new Bilinear(20, 30, 40)(x1, x2)
 */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  /** `[outFeatures, in1Features, in2Features]`. */
  readonly weight: Parameter;
  /** `[outFeatures]`, or `null`. */
  readonly bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkInteger('Bilinear', 'in1Features', in1Features, 1);
    checkInteger('Bilinear', 'in2Features', in2Features, 1);
    checkInteger('Bilinear', 'outFeatures', outFeatures, 1);
    const { bias = true, dtype = 'float32' } = options;
    const bound = 1 / Math.sqrt(in1Features);
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(uniformBetween([outFeatures, in1Features, in2Features], dtype, -bound, bound));
    this.bias = bias ? new Parameter(uniformBetween([outFeatures], dtype, -bound, bound)) : null;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${bool(bias !== null)}`;
  }
}
