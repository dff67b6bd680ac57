import { ones, type Shape, type Tensor, zeros } from '@dl/tensor';
import { checkFinite } from '@dl/tensor/internal';
import { layerNorm } from '../functional/layerNorm.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool, float, tuple } from '../repr.ts';
import { normalizedShapeOf } from './normalizedShape.ts';
import type { FloatingOptions } from './options.ts';

/** What `LayerNorm` takes. */
export interface LayerNormModuleOptions extends FloatingOptions {
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** Whether a weight and a bias are learned; default `true`. */
  readonly elementwiseAffine?: boolean;
  /** Whether a bias is learned beside the weight; default `true`. */
  readonly bias?: boolean;
}

/**
 * Normalises the last dims, those of `normalizedShape`, to mean 0 and variance 1, then scales and shifts each element (Ba et al. 2016).
 * PyTorch: `torch.nn.LayerNorm`.
 *
 * @throws ArgumentError if sizes are not whole numbers from 1 up; at the call ShapeError if the last dims have others.
 * @example new LayerNorm(64)(x)
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number;
  /** Of `normalizedShape`, or `null`. */
  readonly weight: Parameter | null;
  /** Of `normalizedShape`, or `null`. */
  readonly bias: Parameter | null;

  constructor(normalizedShape: number | Shape, options: LayerNormModuleOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = 'float32' } = options;
    const shape = normalizedShapeOf('LayerNorm', normalizedShape);
    checkFinite('LayerNorm', 'eps', eps);
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(shape, { dtype })) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(shape, { dtype })) : null;
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  override extraRepr(): string {
    const affine = bool(this.weight !== null);
    return `${tuple(this.normalizedShape)}, eps=${float(this.eps)}, elementwise_affine=${affine}, bias=${bool(this.bias !== null)}`;
  }
}
