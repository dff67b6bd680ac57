import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, checkOneOf, checkTensor, eachDim, formatShape, sizeOf } from '@dl/tensor/internal';
import { uniformBetween } from '../init/recipes.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { bool, tuple } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** What all convolutions take; `Sizes` is a list of one number for each spatial dim, and a number stands for all of them. */
export interface CommonConvModuleOptions<Sizes extends readonly number[]> extends FloatingOptions {
  /** How far the kernel moves between two outputs; default 1. */
  readonly stride?: number | Sizes;
  /** How far the kernel's elements are apart; default 1. */
  readonly dilation?: number | Sizes;
  /** Into how many groups the channels fall, each seen by its own share of the outputs; default 1. */
  readonly groups?: number;
  /** Whether a bias is learned; default `true`. */
  readonly bias?: boolean;
}

/** How inputs go on beyond their edges. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

/** All settings of a convolution of any kind. */
export interface ConvSettings extends CommonConvModuleOptions<readonly number[]> {
  readonly rank: number;
  readonly transposed: boolean;
  readonly padding?: number | readonly number[] | 'same' | 'valid';
  readonly outputPadding?: number | readonly number[];
  readonly paddingMode?: PaddingMode;
}

/** What convolutions and transposed ones share. */
export abstract class ConvNd extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | 'same' | 'valid';
  readonly dilation: readonly number[];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  /** `[outChannels, inChannels / groups, ...kernelSize]`, transposed `[inChannels, outChannels / groups, ...kernelSize]`. */
  readonly weight: Parameter;
  /** `[outChannels]`, or `null`. */
  readonly bias: Parameter | null;

  constructor(inChannels: number, outChannels: number, kernelSize: number | readonly number[], settings: ConvSettings) {
    super();
    const caller = new.target.name;
    const { rank, stride = 1, padding = 0, dilation = 1, outputPadding = 0, groups = 1, paddingMode = 'zeros' } = settings;
    checkChannels(caller, inChannels, outChannels, groups);
    checkOneOf(caller, 'paddingMode', paddingMode, ['zeros', 'reflect', 'replicate', 'circular']);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = eachDim(caller, 'kernelSize', kernelSize, rank, 1);
    this.stride = eachDim(caller, 'stride', stride, rank, 1);
    this.padding = checkedPadding(caller, padding, this.stride);
    this.dilation = eachDim(caller, 'dilation', dilation, rank, 1);
    this.outputPadding = eachDim(caller, 'outputPadding', outputPadding, rank, 0);
    this.groups = groups;
    this.paddingMode = paddingMode;
    const { weight, bias } = firstParameters(this, settings);
    this.weight = weight;
    this.bias = bias;
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, outputPadding, groups, bias, paddingMode } = this;
    const words = typeof padding === 'string' ? padding : tuple(padding);
    return [
      `${inChannels}, ${outChannels}, kernel_size=${tuple(kernelSize)}, stride=${tuple(stride)}`,
      ...(typeof padding === 'string' || padding.some((size) => size !== 0) ? [`padding=${words}`] : []),
      ...(dilation.some((size) => size !== 1) ? [`dilation=${tuple(dilation)}`] : []),
      ...(outputPadding.some((size) => size !== 0) ? [`output_padding=${tuple(outputPadding)}`] : []),
      ...(groups === 1 ? [] : [`groups=${groups}`]),
      ...(bias === null ? [`bias=${bool(false)}`] : []),
      ...(paddingMode === 'zeros' ? [] : [`padding_mode=${paddingMode}`]),
    ].join(', ');
  }

  /** Refuses inputs of another rank or number of channels. */
  protected checkChannelsOf(x: Tensor): void {
    const { inChannels, kernelSize } = this;
    const { name } = this.constructor;
    checkTensor(name, 'x', x);
    const rank = kernelSize.length;
    if ((x.ndim === rank + 1 || x.ndim === rank + 2) && x.size(-rank - 1) === inChannels) return;
    const layout = `${inChannels}, ${['L', 'H, W', 'D, H, W'][rank - 1]}]`;
    throw new ShapeError(`${name}: x must be [N, ${layout} or [${layout}; got ${formatShape(x.shape)}`);
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function checkChannels(caller: string, inChannels: number, outChannels: number, groups: number): void {
  checkInteger(caller, 'inChannels', inChannels, 1);
  checkInteger(caller, 'outChannels', outChannels, 1);
  checkInteger(caller, 'groups', groups, 1);
  for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
    if (channels % groups !== 0) throw new ArgumentError(`${caller}: groups must divide ${name}; got ${groups} groups of ${channels}`);
  }
}

function checkedPadding(
  caller: string,
  padding: number | readonly number[] | 'same' | 'valid',
  stride: readonly number[],
): readonly number[] | 'same' | 'valid' {
  if (typeof padding !== 'string') return eachDim(caller, 'padding', padding, stride.length, 0);
  checkOneOf(caller, 'padding', padding, ['same', 'valid']);
  if (padding === 'same' && stride.some((step) => step !== 1)) {
    throw new ArgumentError(`${caller}: padding 'same' needs a stride of 1; got ${formatShape(stride)}`);
  }
  return padding;
}

/** Uniform in `±1 / √(inputs of one output)`: Kaiming's uniform distribution with `a = √5`. */
function firstParameters(
  { inChannels, outChannels, kernelSize, groups }: ConvNd,
  { transposed, bias = true, dtype = 'float32' }: ConvSettings,
): { readonly weight: Parameter; readonly bias: Parameter | null } {
  const [first, second] = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
  const bound = 1 / Math.sqrt(second * sizeOf(kernelSize));
  return {
    weight: new Parameter(uniformBetween([first, second, ...kernelSize], dtype, -bound, bound)),
    bias: bias ? new Parameter(uniformBetween([outChannels], dtype, -bound, bound)) : null,
  };
}
