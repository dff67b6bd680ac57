import { ArgumentError, arange, cat, full, gather, rand, type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { checkFinite, checkFloating, checkTensor, eachDim, formatShape, maxPool, sizeOf } from '@dl/tensor/internal';
import { checkSize } from './checks.ts';

/** What `fractionalMaxPool2d` and `fractionalMaxPool3d` take: an `outputSize` or an `outputRatio`. */
export interface FractionalMaxPoolOptions<Sizes extends readonly number[]> {
  /** The size of each spatial dim of the result. */
  readonly outputSize?: number | Sizes | null;
  /** By what, in (0, 1), each spatial dim shrinks; the sizes are rounded down. */
  readonly outputRatio?: number | Sizes | null;
  /** `[N, C, spatial dims]` in [0, 1): where windows begin, for two dims width first. Default drawn anew at each call. */
  readonly randomSamples?: Tensor | null;
}

type Two = readonly [number, number];
type Three = readonly [number, number, number];

/**
 * The greatest of each of as many windows as are asked for, which lie at random distances of `floor(α)` and `ceil(α)`: window i begins at
 * `floor((i + u) α) - floor(u α)`, with `α = (L - kernelSize) / (outputSize - 1)` and u drawn for each plane; the last ends with the
 * input. x is `[N, C, H, W]` or `[C, H, W]` (Graham 2014). PyTorch: `torch.nn.functional.fractional_max_pool2d`.
 *
 * @throws ArgumentError unless either `outputSize` or `outputRatio` is given, or for options out of range; ShapeError if the rank is wrong,
 *   or kernel and result do not fit into x; DTypeError unless x is floating.
 * @example fractionalMaxPool2d(ones([1, 8, 10, 10]), 2, { outputRatio: 0.7 }).shape // [1, 8, 7, 7]
 */
export function fractionalMaxPool2d(x: Tensor, kernelSize: number | Two, options: FractionalMaxPoolOptions<Two>): Tensor {
  return fractionalMaxPool('fractionalMaxPool2d', 2, x, kernelSize, options)[0];
}

/**
 * The greatest of windows at random distances, as `fractionalMaxPool2d`: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.functional.fractional_max_pool3d`.
 *
 * @throws as `fractionalMaxPool2d`.
 * @example fractionalMaxPool3d(ones([1, 8, 6, 9, 9]), 2, { outputSize: [3, 5, 5] }).shape // [1, 8, 3, 5, 5]
 */
export function fractionalMaxPool3d(x: Tensor, kernelSize: number | Three, options: FractionalMaxPoolOptions<Three>): Tensor {
  return fractionalMaxPool('fractionalMaxPool3d', 3, x, kernelSize, options)[0];
}

/**
 * `fractionalMaxPool2d`, and beside it where each maximum stands: int32 positions `h · W + w` in its plane of x.
 * PyTorch: `torch.nn.functional.fractional_max_pool2d_with_indices`.
 *
 * @throws as `fractionalMaxPool2d`.
 * @example fractionalMaxPool2dWithIndices(ones([1, 8, 10, 10]), 2, { outputSize: 7 })[1].shape // [1, 8, 7, 7]
 */
export function fractionalMaxPool2dWithIndices(
  x: Tensor,
  kernelSize: number | Two,
  options: FractionalMaxPoolOptions<Two>,
): readonly [output: Tensor, indices: Tensor] {
  return fractionalMaxPool('fractionalMaxPool2dWithIndices', 2, x, kernelSize, options);
}

/**
 * `fractionalMaxPool3d`, and beside it where each maximum stands: int32 positions `(d · H + h) · W + w` in its volume of x.
 * PyTorch: `torch.nn.functional.fractional_max_pool3d_with_indices`.
 *
 * @throws as `fractionalMaxPool2d`.
 * @example fractionalMaxPool3dWithIndices(ones([1, 8, 6, 9, 9]), 2, { outputSize: 3 })[1].shape // [1, 8, 3, 3, 3]
 */
export function fractionalMaxPool3dWithIndices(
  x: Tensor,
  kernelSize: number | Three,
  options: FractionalMaxPoolOptions<Three>,
): readonly [output: Tensor, indices: Tensor] {
  return fractionalMaxPool('fractionalMaxPool3dWithIndices', 3, x, kernelSize, options);
}

// ---------------------------------------------------------------------------------------------------------------------

type AnySizes = readonly number[];

/** Fractional maxima over `rank` dims and their positions, in the name of a caller. */
export function fractionalMaxPool(
  caller: string,
  rank: number,
  x: Tensor,
  size: number | AnySizes,
  options: FractionalMaxPoolOptions<AnySizes>,
): readonly [output: Tensor, indices: Tensor] {
  checkImages(caller, rank, x);
  checkFractional(caller, rank, options);
  const kernelSize = eachDim(caller, 'kernelSize', size, rank, 1);
  const spatial = x.shape.slice(-rank);
  const sizes = outputSizes(caller, spatial, options);
  checkFit(caller, spatial, kernelSize, sizes);
  const planes = [x.ndim === rank + 1 ? 1 : x.size(0), x.size(-rank - 1)];
  const samples = options.randomSamples ?? rand([...planes, rank], { dtype: x.dtype });
  checkTensor(caller, 'randomSamples', samples);
  checkSize(caller, 'randomSamples', samples, [...planes, rank]);
  const rows = kernelSize.map((kernel, dim) => {
    const draw = samples.to(x.dtype).narrow(2, rank === 2 ? 1 - dim : dim, 1);
    return windowElements(draw, spatial[dim] ?? 1, sizes[dim] ?? 1, kernel);
  });
  const apart = rows.reduce((picked, row, dim) => gatherAlong(picked, dim + 2, row), x.reshape([...planes, ...spatial]));
  const [output, places] = maxPool(caller, rank, apart, kernelSize, {});
  const indices = gather(origins(rows, spatial), 2, places.reshape([...planes, sizeOf(sizes)]));
  const shape = [...x.shape.slice(0, -rank), ...sizes];
  return [output.reshape(shape), indices.reshape(shape)];
}

/** Refuses options that are out of range or do not go together. */
export function checkFractional(caller: string, rank: number, options: FractionalMaxPoolOptions<AnySizes>): void {
  const { outputSize = null, outputRatio = null } = options;
  if ((outputSize === null) === (outputRatio === null)) {
    throw new ArgumentError(`${caller}: either outputSize or outputRatio must be given; got ${outputSize === null ? 'neither' : 'both'}`);
  }
  if (outputSize !== null) eachDim(caller, 'outputSize', outputSize, rank, 1);
  const ratios = outputRatio === null ? [] : [outputRatio].flat();
  if (ratios.length !== rank && typeof outputRatio === 'object' && outputRatio !== null) {
    throw new ArgumentError(`${caller}: outputRatio must be a number or a list of ${rank}; got ${ratios.length} numbers`);
  }
  for (const ratio of ratios) {
    checkFinite(caller, 'outputRatio', ratio);
    if (ratio <= 0 || ratio >= 1) throw new ArgumentError(`${caller}: outputRatio must be between 0 and 1; got ${ratio}`);
  }
}

function outputSizes(caller: string, spatial: Shape, { outputSize, outputRatio }: FractionalMaxPoolOptions<AnySizes>): AnySizes {
  if (outputSize !== null && outputSize !== undefined) return eachDim(caller, 'outputSize', outputSize, spatial.length, 1);
  return spatial.map((size, dim) => Math.floor(size * (typeof outputRatio === 'number' ? outputRatio : (outputRatio?.[dim] ?? 1))));
}

function checkImages(caller: string, rank: number, x: Tensor): void {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
  if (x.ndim === rank + 1 || x.ndim === rank + 2) return;
  const layout = `C, ${['L', 'H, W', 'D, H, W'][rank - 1]}]`;
  throw new ShapeError(`${caller}: x must be [N, ${layout} or [${layout}; got ${formatShape(x.shape)}`);
}

function checkFit(caller: string, spatial: Shape, kernelSize: AnySizes, sizes: AnySizes): void {
  if (sizes.every((size, dim) => size >= 1 && size + (kernelSize[dim] ?? 1) - 1 <= (spatial[dim] ?? 1))) return;
  const got = `${formatShape(sizes)} and ${formatShape(kernelSize)} for ${formatShape(spatial)}`;
  throw new ShapeError(`${caller}: outputSize + kernelSize - 1 must be in [kernelSize, the input's size]; got ${got}`);
}

/** The elements of each window after those of the one before: `[N, C, outputs · kernel]`, from draws `[N, C, 1]`. */
function windowElements(draw: Tensor, inputs: number, outputs: number, kernel: number): Tensor {
  const planes = draw.shape.slice(0, 2);
  const last = full([...planes, 1], inputs - kernel, { dtype: 'int32' });
  const alpha = (inputs - kernel) / Math.max(outputs - 1, 1);
  const before = arange(outputs - 1, { dtype: draw.dtype })
    .add(draw)
    .mul(alpha)
    .floor()
    .sub(draw.mul(alpha).floor())
    .int();
  const starts = outputs === 1 ? last : cat([before, last], { dim: 2 });
  return starts
    .unsqueeze(3)
    .add(arange(kernel, { dtype: 'int32' }))
    .reshape([...planes, outputs * kernel]);
}

function gatherAlong(x: Tensor, dim: number, row: Tensor): Tensor {
  const [batch = 1, channels = 1, length = 1] = row.shape;
  const shape = x.shape.map((size, i) => (i === dim ? length : size));
  const narrow = [batch, channels, ...x.shape.slice(2).map((_, i) => (i + 2 === dim ? length : 1))];
  return gather(x, dim, row.reshape(narrow).expand(shape));
}

/** Where in its plane each gathered element comes from: `[N, C, elements]`. */
function origins(rows: readonly Tensor[], spatial: Shape): Tensor {
  return rows.reduce(
    (places, row, dim) => {
      const grid = places
        .mul(spatial[dim] ?? 1)
        .unsqueeze(3)
        .add(row.unsqueeze(2));
      return grid.reshape([...row.shape.slice(0, 2), -1]);
    },
    full([...(rows[0]?.shape.slice(0, 2) ?? []), 1], 0, { dtype: 'int32' }),
  );
}
