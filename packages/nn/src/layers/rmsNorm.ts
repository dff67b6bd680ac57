import { ones, type Shape, type Tensor } from '@dl/tensor';
import { checkNonNegative } from '../functional/checks.ts';
import { rmsNorm } from '../functional/rmsNorm.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool, float, tuple } from '../repr.ts';
import { normalizedShapeOf } from './normalizedShape.ts';
import type { FloatingOptions } from './options.ts';

/** What `RMSNorm` takes. */
export interface RMSNormModuleOptions extends FloatingOptions {
  /** Added to the mean square; default, also for `null`: the distance from 1 to the next number of x's dtype. */
  readonly eps?: number | null;
  /** Whether a weight is learned; default `true`. */
  readonly elementwiseAffine?: boolean;
}

/**
 * Divides by the root of the mean square of the last dims, those of `normalizedShape`, then scales each element (Zhang and Sennrich 2019).
 * PyTorch: `torch.nn.RMSNorm`.
 *
 * @throws ArgumentError if sizes are not whole numbers from 1 up; at the call ShapeError if the last dims have others.
 * @example new RMSNorm(64)(x)
 */
export class RMSNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number | null;
  /** Of `normalizedShape`, or `null`. */
  readonly weight: Parameter | null;

  constructor(normalizedShape: number | Shape, options: RMSNormModuleOptions = {}) {
    super();
    const { eps = null, elementwiseAffine = true, dtype = 'float32' } = options;
    const shape = normalizedShapeOf('RMSNorm', normalizedShape);
    if (eps !== null) checkNonNegative('RMSNorm', 'eps', eps);
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(shape, { dtype })) : null;
  }

  override forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  override extraRepr(): string {
    const eps = this.eps === null ? 'None' : float(this.eps);
    return `${tuple(this.normalizedShape)}, eps=${eps}, elementwise_affine=${bool(this.weight !== null)}`;
  }
}
