import { ones, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { checkInteger, formatShape } from '@dl/tensor/internal';
import { checkNonNegative } from '../functional/checks.ts';
import { checkGroups, groupNorm } from '../functional/groupNorm.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** What `GroupNorm` takes. */
export interface GroupNormModuleOptions extends FloatingOptions {
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** Whether a weight and a bias are learned; default `true`. */
  readonly affine?: boolean;
  /** Whether a bias is learned beside the weight; default `true`. */
  readonly bias?: boolean;
}

/**
 * Normalises each of `numGroups` groups of channels of each example of `[N, C, …]` to mean 0 and variance 1, then scales and shifts each
 * channel (Wu and He 2018). PyTorch: `torch.nn.GroupNorm`.
 *
 * @throws ArgumentError if the groups do not divide the channels; at the call ShapeError for another number of channels.
 * @example new GroupNorm(8, 64)(features)
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  /** `[numChannels]`, or `null`. */
  readonly weight: Parameter | null;
  /** `[numChannels]`, or `null`. */
  readonly bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, options: GroupNormModuleOptions = {}) {
    super();
    const { eps = 1e-5, affine = true, bias = true, dtype = 'float32' } = options;
    checkInteger('GroupNorm', 'numGroups', numGroups, 1);
    checkInteger('GroupNorm', 'numChannels', numChannels, 1);
    checkGroups('GroupNorm', numGroups, 'there are', numChannels);
    checkNonNegative('GroupNorm', 'eps', eps);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels], { dtype })) : null;
    this.bias = affine && bias ? new Parameter(zeros([numChannels], { dtype })) : null;
  }

  override forward(x: Tensor): Tensor {
    const { numGroups, numChannels, weight, bias, eps } = this;
    if (x.ndim < 2 || x.size(1) !== numChannels) {
      throw new ShapeError(`GroupNorm: x must be [N, ${numChannels}, …]; got ${formatShape(x.shape)}`);
    }
    return groupNorm(x, numGroups, { weight, bias, eps });
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, weight, bias } = this;
    return `${numGroups}, ${numChannels}, eps=${float(eps)}, affine=${bool(weight !== null)}, bias=${bool(bias !== null)}`;
  }
}
