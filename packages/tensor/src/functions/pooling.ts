import { apply } from '../apply.ts';
import { checkFloating, checkInteger, describe } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { reachOf, type Steps, stepsAlong, windowsAlong } from '../primitives/shapes/windows.ts';
import { formatShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { batchOf, checkReach, eachDim, unbatched } from './windows.ts';

/** How windows of a pooling move; `Sizes` is a list of one number for each spatial dim, and a number stands for all of them. */
interface PoolOptions<Sizes extends readonly number[]> {
  /** How far the window moves. Default the kernel's size: windows side by side. */
  readonly stride?: number | Sizes;
  /** How far windows reach over both ends, at most half the kernel. Default 0. */
  readonly padding?: number | Sizes;
  /** Whether the last window may stick out, even over the whole input; else what is left over is dropped. Default false. */
  readonly ceilMode?: boolean;
}

/** What `maxPool1d`, `maxPool2d` and `maxPool3d` take. */
export interface MaxPoolOptions<Sizes extends readonly number[]> extends PoolOptions<Sizes> {
  /** How far a window's elements are apart. Default 1. */
  readonly dilation?: number | Sizes;
}

/** What `avgPool1d` takes. */
export interface AvgPool1dOptions extends PoolOptions<readonly [number]> {
  /** Whether padding counts among the elements that the sum is divided by. Default true. */
  readonly countIncludePad?: boolean;
}

/** What `avgPool2d` and `avgPool3d` take. */
export interface AvgPoolOptions<Sizes extends readonly number[]> extends PoolOptions<Sizes> {
  /** Whether padding counts among the elements that the sum is divided by. Default true. */
  readonly countIncludePad?: boolean;
  /** What sums are divided by, whatever they are of. Default the number of elements. */
  readonly divisorOverride?: number | null;
}

/**
 * The greatest of each window along the last dim: `out[n][c][l] = max_k x[n][c][l · stride - padding + k · dilation]`, over what is
 * inside of x. x is `[N, C, L]` or `[C, L]`; `NaN` wins; the gradient goes to the first of equals. PyTorch: `torch.nn.functional.max_pool1d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements to choose from, or the kernel is larger than the padded input;
 *   DTypeError unless x is float32, float64 or int32; ArgumentError for options out of range.
 * @example maxPool1d(tensor([[1, 3, 2, 0]]), 2) // [[3, 2]]
 */
export function maxPool1d(x: Tensor, kernelSize: number | readonly [number], options: MaxPoolOptions<readonly [number]> = {}): Tensor {
  return maxPool('maxPool1d', 1, x, kernelSize, options)[0];
}

/**
 * The greatest of each window over the last two dims, as `maxPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.functional.max_pool2d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements to choose from, or the kernel is larger than the padded input;
 *   DTypeError unless x is float32, float64 or int32; ArgumentError for options out of range.
 * @example maxPool2d(ones([1, 32, 28, 28]), 2).shape // [1, 32, 14, 14]
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: number | readonly [number, number],
  options: MaxPoolOptions<readonly [number, number]> = {},
): Tensor {
  return maxPool('maxPool2d', 2, x, kernelSize, options)[0];
}

/**
 * The greatest of each window over the last three dims, as `maxPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.functional.max_pool3d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements to choose from, or the kernel is larger than the padded input;
 *   DTypeError unless x is float32, float64 or int32; ArgumentError for options out of range.
 * @example maxPool3d(ones([1, 2, 4, 6, 8]), 2).shape // [1, 2, 2, 3, 4]
 */
export function maxPool3d(
  x: Tensor,
  kernelSize: number | readonly [number, number, number],
  options: MaxPoolOptions<readonly [number, number, number]> = {},
): Tensor {
  return maxPool('maxPool3d', 3, x, kernelSize, options)[0];
}

/**
 * The mean of each window along the last dim: `out[n][c][l] = Σ_k x[n][c][l · stride - padding + k] / count`, with zeros outside
 * of x. x is `[N, C, L]` or `[C, L]`. PyTorch: `torch.nn.functional.avg_pool1d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements, or the kernel is larger than the padded input; DTypeError unless x is
 *   float32 or float64; ArgumentError for options out of range.
 * @example avgPool1d(tensor([[1, 3, 2, 0]]), 2) // [[2, 1]]
 */
export function avgPool1d(x: Tensor, kernelSize: number | readonly [number], options: AvgPool1dOptions = {}): Tensor {
  return avgPool('avgPool1d', 1, x, kernelSize, options);
}

/**
 * The mean of each window over the last two dims, as `avgPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.functional.avg_pool2d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements, or the kernel is larger than the padded input; DTypeError unless x is
 *   float32 or float64; ArgumentError for options out of range.
 * @example avgPool2d(ones([1, 8, 7, 7]), 7).shape // [1, 8, 1, 1]
 */
export function avgPool2d(
  x: Tensor,
  kernelSize: number | readonly [number, number],
  options: AvgPoolOptions<readonly [number, number]> = {},
): Tensor {
  return avgPool('avgPool2d', 2, x, kernelSize, options);
}

/**
 * The mean of each window over the last three dims, as `avgPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.functional.avg_pool3d`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements, or the kernel is larger than the padded input; DTypeError unless x is
 *   float32 or float64; ArgumentError for options out of range.
 * @example avgPool3d(ones([1, 2, 4, 6, 8]), 2).shape // [1, 2, 2, 3, 4]
 */
export function avgPool3d(
  x: Tensor,
  kernelSize: number | readonly [number, number, number],
  options: AvgPoolOptions<readonly [number, number, number]> = {},
): Tensor {
  return avgPool('avgPool3d', 3, x, kernelSize, options);
}

// ---------------------------------------------------------------------------------------------------------------------

type AnySizes = readonly number[];

/** The greatest of each window over `rank` dims and its int32 position in its plane of x, in the name of a caller. */
export function maxPool(
  caller: string,
  rank: number,
  x: Tensor,
  kernelSize: number | AnySizes,
  options: MaxPoolOptions<AnySizes>,
): readonly [output: Tensor, indices: Tensor] {
  const batch = batchOf(caller, x, rank);
  if (x.dtype === 'bool' || x.dtype === 'uint8') {
    throw new DTypeError(`${caller}: x must be float32, float64 or int32; got ${x.dtype}. Cast it: x.float()`);
  }
  const { dilation = 1 } = options;
  const dilations = eachDim(caller, 'dilation', dilation, rank, 1);
  const params = { ...windowParams(caller, batch, kernelSize, options, dilations), dilation: dilations };
  checkSeen(caller, batch, params);
  const [output, indices] = apply('maxPool', [batch], params, []);
  return [unbatched(output, x), unbatched(indices, x)];
}

/** The mean of each window over `rank` dims, in the name of a caller. */
export function avgPool(caller: string, rank: number, x: Tensor, kernelSize: number | AnySizes, options: AvgPoolOptions<AnySizes>): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  const batch = batchOf(caller, x, rank);
  checkFloating(caller, 'x', x);
  checkFlag(caller, 'countIncludePad', countIncludePad);
  if (divisorOverride !== null) checkInteger(caller, 'divisorOverride', divisorOverride, -mostDivisor, mostDivisor);
  if (divisorOverride === 0) throw new ArgumentError(`${caller}: divisorOverride must not be 0; got 0`);
  const params = windowParams(caller, batch, kernelSize, options);
  return unbatched(apply('avgPool', [batch], { ...params, countIncludePad, divisorOverride }, []), x);
}

const mostDivisor = 2 ** 31 - 1;

interface WindowParams {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly ceilMode: boolean;
}

function windowParams(
  caller: string,
  x: Tensor,
  size: number | AnySizes,
  { stride = size, padding = 0, ceilMode = false }: PoolOptions<AnySizes>,
  dilation?: readonly number[],
): WindowParams {
  const spatial = x.shape.slice(2);
  const rank = spatial.length;
  const kernelSize = eachDim(caller, 'kernelSize', size, rank, 1);
  const moves = { stride: eachDim(caller, 'stride', stride, rank, 1), padding: eachDim(caller, 'padding', padding, rank, 0) };
  checkFlag(caller, 'ceilMode', ceilMode);
  if (spatial.includes(0)) throw new ShapeError(`${caller}: x must have elements in each plane; got ${formatShape(x.shape)}`);
  const dims = stepsAlong(kernelSize, dilation === undefined ? moves : { ...moves, dilation });
  checkPadding(caller, dims);
  // With ceilMode one window may stick out over all of the input.
  if (!ceilMode || dims.some((steps, dim) => windowsAlong(spatial[dim] ?? 1, steps, true) < 1)) checkReach(caller, spatial, dims);
  return { kernelSize, ...moves, ceilMode };
}

function checkFlag(caller: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ArgumentError(`${caller}: ${name} must be true or false; got ${describe(value)}`);
}

function checkPadding(caller: string, dims: readonly Steps[]): void {
  const wide = dims.find((steps) => 2 * steps.padding > reachOf(steps));
  if (wide === undefined) return;
  throw new ArgumentError(
    `${caller}: padding must be at most half the kernel; got ${wide.padding} for a kernel that reaches over ${reachOf(wide)}`,
  );
}

/** Refuses windows whose elements all miss the input, as dilated ones over a small input's padding can. */
function checkSeen(caller: string, x: Tensor, params: WindowParams & { readonly dilation: readonly number[] }): void {
  for (const [dim, steps] of stepsAlong(params.kernelSize, params).entries()) {
    if (steps.padding === 0 || steps.dilation === 1) continue;
    const size = x.shape[dim + 2] ?? 1;
    for (let window = 0; window < windowsAlong(size, steps, params.ceilMode); window++) {
      if (seesElement(window, size, steps)) continue;
      throw new ShapeError(
        `${caller}: each window must see an element; got window ${window} of dim ${dim + 2} in the padding of ${formatShape(x.shape)}`,
      );
    }
  }
}

function seesElement(window: number, size: number, { kernelSize, stride, padding, dilation }: Steps): boolean {
  const start = window * stride - padding;
  const first = start < 0 ? Math.ceil(-start / dilation) : 0;
  return first < kernelSize && start + first * dilation < size;
}
