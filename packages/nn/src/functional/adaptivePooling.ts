import { ArgumentError, indexSelect, type Shape, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { avgPool, checkFloating, checkInteger, checkTensor, describe, formatShape, maxPool } from '@dl/tensor/internal';
import { applyTaps, pick, tapsOf } from './interpolateTaps.ts';

/** The size of one dim of the result; `null` keeps that of the input. */
export type OutputSize = number | null;
type One = readonly [OutputSize];
type Two = readonly [OutputSize, OutputSize];
type Three = readonly [OutputSize, OutputSize, OutputSize];

/**
 * Means over as many windows as are asked for: place i of O is the mean of x from `floor(i L / O)` up to `ceil((i + 1) L / O)`. x is
 * `[N, C, L]` or `[C, L]`. Where windows differ in size the means are taken as `interpolate` does: a `NaN` or an infinity may spread.
 * PyTorch: `torch.nn.functional.adaptive_avg_pool1d`.
 *
 * @throws ShapeError if the rank is wrong or x has no elements; DTypeError unless x is float32 or float64; ArgumentError if a size is not a
 *   whole number from 1 up.
 * @example adaptiveAvgPool1d(tensor([[1, 2, 3]]), 2) // [[1.5, 2.5]]
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: OutputSize | One): Tensor {
  return adaptiveAvgPool('adaptiveAvgPool1d', 1, x, outputSize);
}

/**
 * Means over a grid of windows of the last two dims, as `adaptiveAvgPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.functional.adaptive_avg_pool2d`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveAvgPool2d(ones([1, 512, 7, 9]), 1).shape // [1, 512, 1, 1]
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize | Two): Tensor {
  return adaptiveAvgPool('adaptiveAvgPool2d', 2, x, outputSize);
}

/**
 * Means over a grid of windows of the last three dims, as `adaptiveAvgPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.functional.adaptive_avg_pool3d`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveAvgPool3d(ones([1, 8, 4, 7, 7]), [null, 2, 2]).shape // [1, 8, 4, 2, 2]
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: OutputSize | Three): Tensor {
  return adaptiveAvgPool('adaptiveAvgPool3d', 3, x, outputSize);
}

/**
 * The greatest of as many windows as are asked for, those of `adaptiveAvgPool1d`. PyTorch: `torch.nn.functional.adaptive_max_pool1d`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveMaxPool1d(tensor([[1, 2, 3]]), 2) // [[2, 3]]
 */
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize | One): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool1d', 1, x, outputSize)[0];
}

/**
 * The greatest of a grid of windows over the last two dims, those of `adaptiveAvgPool2d`.
 * PyTorch: `torch.nn.functional.adaptive_max_pool2d`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveMaxPool2d(ones([1, 8, 7, 9]), [3, null]).shape // [1, 8, 3, 9]
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize | Two): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool2d', 2, x, outputSize)[0];
}

/**
 * The greatest of a grid of windows over the last three dims, those of `adaptiveAvgPool3d`.
 * PyTorch: `torch.nn.functional.adaptive_max_pool3d`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveMaxPool3d(ones([1, 8, 4, 7, 7]), 2).shape // [1, 8, 2, 2, 2]
 */
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize | Three): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool3d', 3, x, outputSize)[0];
}

/**
 * `adaptiveMaxPool1d`, and beside it where each maximum stands: int32 positions along the last dim of x.
 * PyTorch: `torch.nn.functional.adaptive_max_pool1d_with_indices`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example const [y, indices] = adaptiveMaxPool1dWithIndices(tensor([[1, 2, 3]]), 2) // [[2, 3]], [[1, 2]]
 */
export function adaptiveMaxPool1dWithIndices(x: Tensor, outputSize: OutputSize | One): readonly [output: Tensor, indices: Tensor] {
  return adaptiveMaxPool('adaptiveMaxPool1dWithIndices', 1, x, outputSize);
}

/**
 * `adaptiveMaxPool2d`, and beside it where each maximum stands: int32 positions `h · W + w` in its plane of x.
 * PyTorch: `torch.nn.functional.adaptive_max_pool2d_with_indices`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveMaxPool2dWithIndices(ones([1, 8, 7, 9]), 3)[1].shape // [1, 8, 3, 3]
 */
export function adaptiveMaxPool2dWithIndices(x: Tensor, outputSize: OutputSize | Two): readonly [output: Tensor, indices: Tensor] {
  return adaptiveMaxPool('adaptiveMaxPool2dWithIndices', 2, x, outputSize);
}

/**
 * `adaptiveMaxPool3d`, and beside it where each maximum stands: int32 positions `(d · H + h) · W + w` in its volume of x.
 * PyTorch: `torch.nn.functional.adaptive_max_pool3d_with_indices`.
 *
 * @throws as `adaptiveAvgPool1d`.
 * @example adaptiveMaxPool3dWithIndices(ones([1, 8, 4, 7, 7]), 2)[1].shape // [1, 8, 2, 2, 2]
 */
export function adaptiveMaxPool3dWithIndices(x: Tensor, outputSize: OutputSize | Three): readonly [output: Tensor, indices: Tensor] {
  return adaptiveMaxPool('adaptiveMaxPool3dWithIndices', 3, x, outputSize);
}

// ---------------------------------------------------------------------------------------------------------------------

type AnySizes = readonly OutputSize[];

/** Adaptive means over `rank` dims, in the name of a caller. */
export function adaptiveAvgPool(caller: string, rank: number, x: Tensor, outputSize: OutputSize | AnySizes): Tensor {
  const sizes = sizesFor(caller, rank, x, outputSize);
  const spatial = x.shape.slice(-rank);
  const kernelSize = evenWindows(spatial, sizes);
  if (kernelSize !== null) return avgPool(caller, rank, x, kernelSize, {});
  return sizes.reduce((pooled, size, dim) => averageAlong(pooled, x.ndim - rank + dim, size), x);
}

/** Adaptive maxima over `rank` dims and their positions, in the name of a caller. */
export function adaptiveMaxPool(
  caller: string,
  rank: number,
  x: Tensor,
  outputSize: OutputSize | AnySizes,
): readonly [output: Tensor, indices: Tensor] {
  const sizes = sizesFor(caller, rank, x, outputSize);
  const spatial = x.shape.slice(-rank);
  const kernelSize = evenWindows(spatial, sizes);
  if (kernelSize !== null) return maxPool(caller, rank, x, kernelSize, {});
  const windows = spatial.map((size, dim) => windowsOf(size, sizes[dim] ?? 1));
  const apart = windows.reduce((picked, { indices }, dim) => pick(picked, x.ndim - rank + dim, indices), x);
  const [output, places] = maxPool(
    caller,
    rank,
    apart,
    windows.map(({ length }) => length),
    {},
  );
  return [output, indexSelect(origins(spatial, windows), 0, places.reshape([places.numel()])).reshape(places.shape)];
}

/** Each size of the result, checked. */
export function adaptiveSizes(caller: string, rank: number, outputSize: OutputSize | AnySizes): AnySizes {
  const sizes = Array.isArray(outputSize) ? [...outputSize] : new Array<OutputSize>(rank).fill(outputSize as OutputSize);
  if (sizes.length !== rank) {
    throw new ArgumentError(
      `${caller}: outputSize must be a number, null or a list of ${rank === 1 ? 'one' : rank}; got ${describe(outputSize)}`,
    );
  }
  for (const size of sizes) if (size !== null) checkInteger(caller, 'outputSize', size, 1);
  return sizes;
}

function sizesFor(caller: string, rank: number, x: Tensor, outputSize: OutputSize | AnySizes): Shape {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
  const sizes = adaptiveSizes(caller, rank, outputSize);
  const layout = `C, ${['L', 'H, W', 'D, H, W'][rank - 1]}]`;
  if (x.ndim !== rank + 1 && x.ndim !== rank + 2) {
    throw new ShapeError(`${caller}: x must be [N, ${layout} or [${layout}; got ${formatShape(x.shape)}`);
  }
  const spatial = x.shape.slice(-rank);
  if (spatial.includes(0)) throw new ShapeError(`${caller}: x must have elements in each plane; got ${formatShape(x.shape)}`);
  return spatial.map((size, dim) => sizes[dim] ?? size);
}

/** The one size of all windows, if they have one. */
function evenWindows(spatial: Shape, sizes: Shape): Shape | null {
  return spatial.every((size, dim) => size % (sizes[dim] ?? 1) === 0) ? spatial.map((size, dim) => size / (sizes[dim] ?? 1)) : null;
}

const startOf = (i: number, inputs: number, outputs: number): number => Math.floor((i * inputs) / outputs);
const endOf = (i: number, inputs: number, outputs: number): number => Math.ceil(((i + 1) * inputs) / outputs);

/** The size of the largest window. */
function longest(inputs: number, outputs: number): number {
  let length = 1;
  for (let i = 0; i < outputs; i++) length = Math.max(length, endOf(i, inputs, outputs) - startOf(i, inputs, outputs));
  return length;
}

function averageAlong(x: Tensor, dim: number, outputs: number): Tensor {
  const inputs = x.size(dim);
  if (inputs === outputs) return x;
  const taps = tapsOf(outputs, longest(inputs, outputs), (i, k) => {
    const [start, end] = [startOf(i, inputs, outputs), endOf(i, inputs, outputs)];
    return [Math.min(start + k, end - 1), start + k < end ? 1 / (end - start) : 0];
  });
  return applyTaps(x, dim, taps);
}

interface Windows {
  readonly length: number;
  /** The elements of one window after those of another; a short one repeats its last, which changes no maximum. */
  readonly indices: Int32Array<ArrayBuffer>;
}

function windowsOf(inputs: number, outputs: number): Windows {
  const length = longest(inputs, outputs);
  const indices = Int32Array.from({ length: length * outputs }, (_, at) => {
    const i = Math.floor(at / length);
    return Math.min(startOf(i, inputs, outputs) + (at % length), endOf(i, inputs, outputs) - 1);
  });
  return { length, indices };
}

/** Where in its plane each element of the windows laid side by side comes from. */
function origins(spatial: Shape, windows: readonly Windows[]): Tensor {
  let places = new Int32Array(1);
  for (const [dim, { indices }] of windows.entries()) {
    const inner = places;
    const size = spatial[dim] ?? 1;
    places = Int32Array.from({ length: inner.length * indices.length }, (_, at) => {
      return (inner[Math.floor(at / indices.length)] ?? 0) * size + (indices[at % indices.length] ?? 0);
    });
  }
  return tensor(places);
}
