import { apply } from '../apply.ts';
import { checkFloating, checkInteger, checkOneOf, checkTensor } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { reachOf, type Steps, spreadOf, stepsAlong } from '../primitives/shapes/windows.ts';
import { formatShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add } from './arithmetic.ts';
import { reshapeTo } from './movement.ts';
import { pad } from './padding.ts';
import { batchOf, checkReach, eachDim, unbatched } from './windows.ts';

/** What all convolutions take; `Sizes` is a list of one number for each spatial dim, and a number stands for all of them. */
interface CommonConvOptions<Sizes extends readonly number[]> {
  /** `[O]`, added to each output channel. Default none. */
  readonly bias?: Tensor | null;
  /** How far the kernel moves between two outputs. Default 1. */
  readonly stride?: number | Sizes;
  /** How far the kernel's elements are apart. Default 1. */
  readonly dilation?: number | Sizes;
  /** Into how many groups the channels fall, each seen by its own share of the outputs. Default 1. */
  readonly groups?: number;
}

/** What `conv1d`, `conv2d` and `conv3d` take. */
export interface ConvOptions<Sizes extends readonly number[]> extends CommonConvOptions<Sizes> {
  /** Zeros on both sides of each dim; `same` keeps the sizes (for a stride of 1), `valid` adds none. Default 0. */
  readonly padding?: number | Sizes | 'same' | 'valid';
}

/** What `convTranspose1d`, `convTranspose2d` and `convTranspose3d` take. */
export interface ConvTransposeOptions<Sizes extends readonly number[]> extends CommonConvOptions<Sizes> {
  /** How much is cut off on both sides of the result. Default 0. */
  readonly padding?: number | Sizes;
  /** How much longer the result is at the end of each dim: of the sizes that a strided convolution makes equal, which. Default 0. */
  readonly outputPadding?: number | Sizes;
}

/**
 * Cross-correlation over one dim: `out[n][o][l] = bias[o] + Σ_c Σ_k weight[o][c][k] · x[n][c][l · stride - padding + k · dilation]`,
 * with zeros outside of x, c over the channels of o's group. x is `[N, C, L]` or `[C, L]`, weight `[O, C / groups, K]`; the result has
 * `floor((L + 2 padding - dilation (K - 1) - 1) / stride) + 1` places. PyTorch: `torch.nn.functional.conv1d`.
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or the kernel is larger than the padded input; DTypeError unless all
 *   are of one floating dtype; ArgumentError for options out of range.
 * @example conv1d(ones([1, 2, 5]), ones([3, 2, 3])).shape // [1, 3, 3]
 */
export function conv1d(x: Tensor, weight: Tensor, options: ConvOptions<readonly [number]> = {}): Tensor {
  return convolve('conv1d', 1, x, weight, options);
}

/**
 * Cross-correlation over two dims, as `conv1d` over one: x is `[N, C, H, W]` or `[C, H, W]`, weight `[O, C / groups, KH, KW]`.
 * PyTorch: `torch.nn.functional.conv2d`.
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or the kernel is larger than the padded input; DTypeError unless all
 *   are of one floating dtype; ArgumentError for options out of range.
 * @example conv2d(ones([1, 1, 28, 28]), ones([32, 1, 3, 3]), { padding: 1 }).shape // [1, 32, 28, 28]
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions<readonly [number, number]> = {}): Tensor {
  return convolve('conv2d', 2, x, weight, options);
}

/**
 * Cross-correlation over three dims, as `conv1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`, weight
 * `[O, C / groups, KD, KH, KW]`. PyTorch: `torch.nn.functional.conv3d`.
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or the kernel is larger than the padded input; DTypeError unless all
 *   are of one floating dtype; ArgumentError for options out of range.
 * @example conv3d(ones([1, 2, 4, 5, 6]), ones([3, 2, 2, 2, 2])).shape // [1, 3, 3, 4, 5]
 */
export function conv3d(x: Tensor, weight: Tensor, options: ConvOptions<readonly [number, number, number]> = {}): Tensor {
  return convolve('conv3d', 3, x, weight, options);
}

/**
 * The transpose of `conv1d`, not its inverse: each element of x adds the kernel, times itself, to the result, a stride apart:
 * `out[n][o][i · stride - padding + k · dilation] += weight[c][o][k] · x[n][c][i]`. x is `[N, C, L]` or `[C, L]`, weight
 * `[C, O / groups, K]`; the result has `(L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1` places.
 * PyTorch: `torch.nn.functional.conv_transpose1d`; Dumoulin and Visin, "A guide to convolution arithmetic" (2016).
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or nothing is left of the result; DTypeError unless all are of one
 *   floating dtype; ArgumentError for options out of range.
 * @example convTranspose1d(ones([1, 2, 4]), ones([2, 3, 2]), { stride: 2 }).shape // [1, 3, 8]
 */
export function convTranspose1d(x: Tensor, weight: Tensor, options: ConvTransposeOptions<readonly [number]> = {}): Tensor {
  return convolveTransposed('convTranspose1d', 1, x, weight, options);
}

/**
 * The transpose of `conv2d`, as `convTranspose1d` is of `conv1d`: x is `[N, C, H, W]` or `[C, H, W]`, weight
 * `[C, O / groups, KH, KW]`. PyTorch: `torch.nn.functional.conv_transpose2d`.
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or nothing is left of the result; DTypeError unless all are of one
 *   floating dtype; ArgumentError for options out of range.
 * @example convTranspose2d(ones([1, 8, 7, 7]), ones([8, 4, 2, 2]), { stride: 2 }).shape // [1, 4, 14, 14]
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions<readonly [number, number]> = {}): Tensor {
  return convolveTransposed('convTranspose2d', 2, x, weight, options);
}

/**
 * The transpose of `conv3d`, as `convTranspose1d` is of `conv1d`: x is `[N, C, D, H, W]` or `[C, D, H, W]`, weight
 * `[C, O / groups, KD, KH, KW]`. PyTorch: `torch.nn.functional.conv_transpose3d`.
 *
 * @throws ShapeError if ranks, channels or the bias do not fit, or nothing is left of the result; DTypeError unless all are of one
 *   floating dtype; ArgumentError for options out of range.
 * @example convTranspose3d(ones([1, 2, 3, 3, 3]), ones([2, 1, 2, 2, 2])).shape // [1, 1, 4, 4, 4]
 */
export function convTranspose3d(x: Tensor, weight: Tensor, options: ConvTransposeOptions<readonly [number, number, number]> = {}): Tensor {
  return convolveTransposed('convTranspose3d', 3, x, weight, options);
}

// ---------------------------------------------------------------------------------------------------------------------

type AnySizes = readonly number[];

/** A convolution over `rank` dims, in the name of a caller. */
export function convolve(caller: string, rank: number, x: Tensor, weight: Tensor, options: ConvOptions<AnySizes>): Tensor {
  const { padding = 0, groups = 1, bias = null } = options;
  const batch = batchOf(caller, x, rank);
  const [outputs, depth] = checkOperands(caller, rank, batch, weight, groups);
  if (batch.shape[1] !== depth * groups) {
    throw new ShapeError(
      `${caller}: weight must be [O, C / groups, …] for the C channels of x; got weight ${formatShape(weight.shape)}, x ${formatShape(x.shape)} and groups ${groups}`,
    );
  }
  checkGroups(caller, 'output channels', outputs, groups);
  checkBias(caller, bias, x, outputs);
  const moves = movesOf(caller, rank, options);
  const kernelSize = weight.shape.slice(2);
  const sides = typeof padding === 'string' ? namedPadding(caller, padding, stepsAlong(kernelSize, moves)) : null;
  const params = { ...moves, padding: sides?.before ?? eachDim(caller, 'padding', padding as number | AnySizes, rank, 0), groups };
  const input = sides === null ? batch : padEnd(batch, sides.more);
  checkReach(caller, input.shape.slice(2), stepsAlong(kernelSize, params));
  return unbatched(withBias(apply('convolution', [input, weight], params, []), bias), x);
}

/** A transposed convolution over `rank` dims, in the name of a caller. */
export function convolveTransposed(
  caller: string,
  rank: number,
  x: Tensor,
  weight: Tensor,
  options: ConvTransposeOptions<AnySizes>,
): Tensor {
  const { padding = 0, outputPadding = 0, groups = 1, bias = null } = options;
  const batch = batchOf(caller, x, rank);
  const [inputs, depth] = checkOperands(caller, rank, batch, weight, groups);
  if (batch.shape[1] !== inputs) {
    throw new ShapeError(
      `${caller}: weight must be [C, O / groups, …] for the C channels of x; got weight ${formatShape(weight.shape)} and x ${formatShape(x.shape)}`,
    );
  }
  checkGroups(caller, 'input channels', inputs, groups);
  checkBias(caller, bias, x, depth * groups);
  const params = { ...movesOf(caller, rank, options), padding: eachDim(caller, 'padding', padding, rank, 0), groups };
  const dims = stepsAlong(weight.shape.slice(2), params);
  const added = eachDim(caller, 'outputPadding', outputPadding, rank, 0);
  checkOutputPadding(caller, added, dims);
  const inputSize = dims.map((steps, dim) => spreadOf(batch.shape[dim + 2] ?? 1, steps) + (added[dim] ?? 0));
  if (batch.shape.slice(2).includes(0) || inputSize.some((size) => size < 1)) {
    throw new ShapeError(
      `${caller}: something must be left of the result; got sizes ${formatShape(inputSize)} from x ${formatShape(x.shape)}`,
    );
  }
  return unbatched(withBias(apply('convolutionInputGradient', [batch, weight], { ...params, inputSize }, []), bias), x);
}

/** Refuses a weight of another rank or dtype than x, empty kernels and bad groups; returns the weight's first two sizes. */
function checkOperands(caller: string, rank: number, x: Tensor, weight: Tensor, groups: number): readonly [number, number] {
  checkTensor(caller, 'weight', weight);
  checkFloating(caller, 'x', x);
  checkSameDType(caller, 'weight', weight, x);
  checkInteger(caller, 'groups', groups, 1);
  const [first = 1, second = 1, ...kernelSize] = weight.shape;
  if (weight.ndim !== rank + 2 || kernelSize.includes(0)) {
    throw new ShapeError(
      `${caller}: weight must have ${rank + 2} dims, and sizes from 1 up in the last ${rank}; got ${formatShape(weight.shape)}`,
    );
  }
  return [first, second];
}

function checkSameDType(caller: string, name: string, other: Tensor, x: Tensor): void {
  if (other.dtype === x.dtype) return;
  throw new DTypeError(`${caller}: ${name} must have x's dtype, ${x.dtype}; got ${other.dtype}. Cast it: ${name}.to('${x.dtype}')`);
}

function checkGroups(caller: string, what: string, channels: number, groups: number): void {
  if (channels % groups !== 0) throw new ShapeError(`${caller}: groups must divide the ${what}; got ${groups} groups of ${channels}`);
}

function checkBias(caller: string, bias: Tensor | null, x: Tensor, channels: number): void {
  if (bias === null) return;
  checkTensor(caller, 'bias', bias);
  checkSameDType(caller, 'bias', bias, x);
  if (bias.ndim !== 1 || bias.shape[0] !== channels) {
    throw new ShapeError(`${caller}: bias must be [${channels}], one for each output channel; got ${formatShape(bias.shape)}`);
  }
}

function checkOutputPadding(caller: string, added: readonly number[], dims: readonly Steps[]): void {
  for (const [dim, { stride, dilation }] of dims.entries()) {
    if ((added[dim] ?? 0) < Math.max(stride, dilation)) continue;
    throw new ArgumentError(
      `${caller}: outputPadding must be less than the stride or the dilation; got ${added[dim]} for stride ${stride} and dilation ${dilation}`,
    );
  }
}

interface Moves {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
}

/** Stride and dilation, and no padding yet. */
function movesOf(caller: string, rank: number, { stride = 1, dilation = 1 }: CommonConvOptions<AnySizes>): Moves {
  return {
    stride: eachDim(caller, 'stride', stride, rank, 1),
    dilation: eachDim(caller, 'dilation', dilation, rank, 1),
    padding: new Array<number>(rank).fill(0),
  };
}

/** Zeros on both sides, and how many more at the end where an even kernel needs an odd number. */
interface Sides {
  readonly before: readonly number[];
  readonly more: readonly number[];
}

function namedPadding(caller: string, word: 'same' | 'valid', dims: readonly Steps[]): Sides {
  checkOneOf(caller, 'padding', word, ['same', 'valid']);
  const total = dims.map((steps) => (word === 'same' ? reachOf(steps) - 1 : 0));
  if (word === 'same' && dims.some(({ stride }) => stride !== 1)) {
    throw new ArgumentError(`${caller}: padding 'same' needs a stride of 1; got ${formatShape(dims.map(({ stride }) => stride))}`);
  }
  return { before: total.map((size) => Math.floor(size / 2)), more: total.map((size) => size % 2) };
}

function padEnd(x: Tensor, more: readonly number[]): Tensor {
  return more.some((size) => size > 0)
    ? pad(
        x,
        more.toReversed().flatMap((size) => [0, size]),
      )
    : x;
}

function withBias(y: Tensor, bias: Tensor | null): Tensor {
  return bias === null ? y : add(y, reshapeTo(bias, [bias.numel(), ...y.shape.slice(2).map(() => 1)]));
}
