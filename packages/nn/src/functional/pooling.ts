import { ArgumentError, type AvgPoolOptions, type Shape, ShapeError, scatter, type Tensor, zeros } from '@dl/tensor';
import { avgPool, checkFinite, checkFloating, checkTensor, eachDim, formatShape, sameShape, sizeOf } from '@dl/tensor/internal';

type One = readonly [number];
type Two = readonly [number, number];
type Three = readonly [number, number, number];

/** What `lpPool1d`, `lpPool2d` and `lpPool3d` take. */
export interface LPPoolOptions<Sizes extends readonly number[]> {
  /** How far the window moves. Default the kernel's size: windows side by side. */
  readonly stride?: number | Sizes | null;
  /** Whether the last window may stick out; else what is left over is dropped. Default false. */
  readonly ceilMode?: boolean;
}

/** What `maxUnpool1d`, `maxUnpool2d` and `maxUnpool3d` take. */
export interface MaxUnpoolOptions<Sizes extends readonly number[]> {
  /** How far the windows were apart. Default the kernel's size. */
  readonly stride?: number | Sizes | null;
  /** How far the windows reached over both ends. Default 0. */
  readonly padding?: number | Sizes;
  /** The size of each spatial dim of the result, or all its sizes. Default the least that pools to x. */
  readonly outputSize?: number | Shape | null;
}

/**
 * The p-norm of each window along the last dim: `out[l] = (Σ_k x[l · stride + k]^p)^(1/p)`, so that `normType` 1 adds up. x is
 * `[N, C, L]` or `[C, L]`; for an odd p the sum keeps its signs, as in PyTorch. The gradient is `NaN` where a sum is 0. PyTorch:
 * `torch.nn.functional.lp_pool1d`.
 *
 * @throws ArgumentError if `normType` is 0 or not finite, or options are out of range; ShapeError if the kernel is larger than x.
 * @example lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2) // [[5, 10]]
 */
export function lpPool1d(x: Tensor, normType: number, kernelSize: number | One, options: LPPoolOptions<One> = {}): Tensor {
  return lpPool('lpPool1d', 1, x, normType, kernelSize, options);
}

/**
 * The p-norm of each window over the last two dims, as `lpPool1d` over one: x is `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.functional.lp_pool2d`.
 *
 * @throws as `lpPool1d`.
 * @example lpPool2d(ones([1, 8, 6, 6]), 2, 3).shape // [1, 8, 2, 2]
 */
export function lpPool2d(x: Tensor, normType: number, kernelSize: number | Two, options: LPPoolOptions<Two> = {}): Tensor {
  return lpPool('lpPool2d', 2, x, normType, kernelSize, options);
}

/**
 * The p-norm of each window over the last three dims, as `lpPool1d` over one: x is `[N, C, D, H, W]` or `[C, D, H, W]`.
 * PyTorch: `torch.nn.functional.lp_pool3d`.
 *
 * @throws as `lpPool1d`.
 * @example lpPool3d(ones([1, 8, 4, 6, 6]), 2, 2).shape // [1, 8, 2, 3, 3]
 */
export function lpPool3d(x: Tensor, normType: number, kernelSize: number | Three, options: LPPoolOptions<Three> = {}): Tensor {
  return lpPool('lpPool3d', 3, x, normType, kernelSize, options);
}

/**
 * Puts what `maxPool1dWithIndices` picked back to where it stood, and zeros elsewhere. x and the indices are `[N, C, L]` or `[C, L]`; the
 * result has `(L - 1) stride - 2 padding + kernelSize` places, or `outputSize`. PyTorch: `torch.nn.functional.max_unpool1d`.
 *
 * @throws ShapeError if shapes differ or the rank is wrong; DTypeError if the indices are not int32; ArgumentError for options out of
 *   range, or an `outputSize` a stride or more away from the default; IndexError, when evaluated, for an index outside of the result.
 * @example maxUnpool1d(tensor([[3, 2]]), tensor([[1, 2]], { dtype: 'int32' }), 2) // [[0, 3, 2, 0]]
 */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: number | One, options: MaxUnpoolOptions<One> = {}): Tensor {
  return maxUnpool('maxUnpool1d', 1, x, indices, kernelSize, options);
}

/**
 * Puts what `maxPool2dWithIndices` picked back to where it stood, as `maxUnpool1d`: x and the indices are `[N, C, H, W]` or `[C, H, W]`.
 * PyTorch: `torch.nn.functional.max_unpool2d`.
 *
 * @throws as `maxUnpool1d`.
 * @example maxUnpool2d(...maxPool2dWithIndices(ones([1, 8, 6, 6]), 2), 2).shape // [1, 8, 6, 6]
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: number | Two, options: MaxUnpoolOptions<Two> = {}): Tensor {
  return maxUnpool('maxUnpool2d', 2, x, indices, kernelSize, options);
}

/**
 * Puts what `maxPool3dWithIndices` picked back to where it stood, as `maxUnpool1d`: x and the indices are `[N, C, D, H, W]` or
 * `[C, D, H, W]`. PyTorch: `torch.nn.functional.max_unpool3d`.
 *
 * @throws as `maxUnpool1d`.
 * @example maxUnpool3d(...maxPool3dWithIndices(ones([1, 8, 4, 6, 6]), 2), 2).shape // [1, 8, 4, 6, 6]
 */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: number | Three, options: MaxUnpoolOptions<Three> = {}): Tensor {
  return maxUnpool('maxUnpool3d', 3, x, indices, kernelSize, options);
}

// ---------------------------------------------------------------------------------------------------------------------

type AnySizes = readonly number[];

/** Norms of windows over `rank` dims, in the name of a caller. */
export function lpPool(
  caller: string,
  rank: number,
  x: Tensor,
  normType: number,
  kernelSize: number | AnySizes,
  options: LPPoolOptions<AnySizes>,
): Tensor {
  checkNormType(caller, normType);
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
  const { stride = null, ceilMode = false } = options;
  const elements = sizeOf(eachDim(caller, 'kernelSize', kernelSize, rank, 1));
  const window: AvgPoolOptions<AnySizes> = { stride: stride ?? kernelSize, ceilMode };
  return avgPool(caller, rank, x.pow(normType), kernelSize, window)
    .mul(elements)
    .pow(1 / normType);
}

/** Refuses an exponent that makes no norm. */
export function checkNormType(caller: string, normType: number): void {
  checkFinite(caller, 'normType', normType);
  if (normType === 0) throw new ArgumentError(`${caller}: normType must not be 0; got 0`);
}

/** Unpooling over `rank` dims, in the name of a caller. */
export function maxUnpool(
  caller: string,
  rank: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: number | AnySizes,
  options: MaxUnpoolOptions<AnySizes>,
): Tensor {
  checkPooled(caller, rank, x, indices);
  const sizes = unpooledSizes(caller, x.shape.slice(-rank), kernelSize, options);
  const planes = x.shape.slice(0, -rank);
  const flat = [...planes, sizeOf(x.shape.slice(-rank))];
  const empty = zeros([...planes, sizeOf(sizes)], { dtype: x.dtype });
  return scatter(empty, -1, indices.reshape(flat), x.reshape(flat)).reshape([...planes, ...sizes]);
}

function checkPooled(caller: string, rank: number, x: Tensor, indices: Tensor): void {
  checkTensor(caller, 'x', x);
  checkTensor(caller, 'indices', indices);
  const layout = `C, ${['L', 'H, W', 'D, H, W'][rank - 1]}]`;
  if (x.ndim !== rank + 1 && x.ndim !== rank + 2) {
    throw new ShapeError(`${caller}: x must be [N, ${layout} or [${layout}; got ${formatShape(x.shape)}`);
  }
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(
      `${caller}: x and indices must have the same shape; got x ${formatShape(x.shape)} and indices ${formatShape(indices.shape)}`,
    );
  }
}

function unpooledSizes(
  caller: string,
  spatial: Shape,
  size: number | AnySizes,
  { stride, padding = 0, outputSize = null }: MaxUnpoolOptions<AnySizes>,
): Shape {
  const rank = spatial.length;
  const kernelSize = eachDim(caller, 'kernelSize', size, rank, 1);
  const steps = eachDim(caller, 'stride', stride ?? size, rank, 1);
  const around = eachDim(caller, 'padding', padding, rank, 0);
  const usual = spatial.map((places, dim) => (places - 1) * (steps[dim] ?? 1) - 2 * (around[dim] ?? 0) + (kernelSize[dim] ?? 1));
  if (outputSize === null) return usual;
  const inner = typeof outputSize !== 'number' && outputSize.length > rank ? outputSize.slice(-rank) : outputSize;
  const wanted = eachDim(caller, 'outputSize', inner, rank, 1);
  if (wanted.every((places, dim) => Math.abs(places - (usual[dim] ?? 0)) < (steps[dim] ?? 1))) return wanted;
  throw new ArgumentError(
    `${caller}: outputSize must be less than the stride ${formatShape(steps)} away from ${formatShape(usual)}; got ${formatShape(wanted)}`,
  );
}
