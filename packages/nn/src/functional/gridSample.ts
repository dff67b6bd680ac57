import { ArgumentError, isnan, type Shape, ShapeError, type Tensor, tensor, where } from '@dl/tensor';
import { checkFloating, checkInteger, checkOneOf, checkTensor, describe, formatShape, sameShape, sizeOf } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';
import { type GridDim, type GridSampleMode, type GridSamplePaddingMode, gridTaps } from './gridTaps.ts';

/** Where the outermost elements of an image lie. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the middles of the outermost elements, rather than their edges; default `false`. */
  readonly alignCorners?: boolean;
}

/** What `gridSample` takes. */
export interface GridSampleOptions extends AffineGridOptions {
  /** What lies between elements; `'bicubic'` is for images. Default `'bilinear'`. */
  readonly mode?: GridSampleMode;
  /** What lies outside. Default `'zeros'`. */
  readonly paddingMode?: GridSamplePaddingMode;
}

/**
 * The elements of x at the places that a grid names, in coordinates from -1 to 1 in the order x, y(, z): x `[N, C, H, W]` and grid
 * `[N, outH, outW, 2]` give `[N, C, outH, outW]`; volumes likewise, with 3 coordinates. A `NaN` in the grid counts as -1. Gradients flow to
 * x and to the grid (Jaderberg et al. 2015). PyTorch: `torch.nn.functional.grid_sample`.
 *
 * @throws ShapeError if the shapes do not fit or x has an empty plane; DTypeError unless both are of one floating dtype; ArgumentError for
 *   other words, or `'bicubic'` with volumes.
 * @example gridSample(images, affineGrid(theta, images.shape), { paddingMode: 'border' })
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners = false } = options;
  checkOneOf('gridSample', 'mode', mode, ['bilinear', 'nearest', 'bicubic']);
  checkOneOf('gridSample', 'paddingMode', paddingMode, ['zeros', 'border', 'reflection']);
  checkGrid(x, grid, mode);
  const [examples = 0, channels = 0, ...spatial] = x.shape;
  const places = grid.shape.slice(1, -1);
  const coordinates = where(isnan(grid), -1, grid).reshape([examples, sizeOf(places), spatial.length]);
  const taps = spatial.map((size, i) => {
    const dim: GridDim = { size, alignCorners, paddingMode };
    return gridTaps[mode](coordinates.select(-1, spatial.length - 1 - i), dim);
  });
  const count = taps[0]?.weights.size(-1) ?? 1;
  // One dim of taps for each spatial dim, behind [N, places].
  const spread = (t: Tensor, i: number): Tensor => t.reshape([examples, sizeOf(places), ...spatial.map((_, j) => (i === j ? count : 1))]);
  const index = taps.map((tap, i) => spread(tap.places, i).mul(sizeOf(spatial.slice(i + 1)))).reduce((a, b) => a.add(b));
  const weights = taps.map((tap, i) => spread(tap.weights, i)).reduce((a, b) => a.mul(b));
  const all = sizeOf(places) * count ** spatial.length;
  const picked = x
    .reshape([examples, channels, sizeOf(spatial)])
    .gather(2, index.reshape([examples, 1, all]).expand([examples, channels, all]));
  const terms = picked.mul(weights.reshape([examples, 1, all])).reshape([examples, channels, ...places, all / sizeOf(places)]);
  return terms.sum({ dim: -1 });
}

/**
 * The grid of an affine map for `gridSample`: theta `[N, 2, 3]` and the size `[N, C, H, W]` of the result give `[N, H, W, 2]`; theta
 * `[N, 3, 4]` and `[N, C, D, H, W]` give `[N, D, H, W, 3]`. Each place p of the result looks up `theta · (p, 1)` (Jaderberg et al. 2015).
 * PyTorch: `torch.nn.functional.affine_grid`.
 *
 * @throws ShapeError if theta and the size do not fit; ArgumentError unless the sizes are whole numbers from 1 up; DTypeError unless theta
 *   is floating.
 * @example affineGrid(tensor([[[1, 0, 0.1], [0, 1, 0]]]), [1, 3, 24, 24]).shape // [1, 24, 24, 2]
 */
export function affineGrid(theta: Tensor, size: Shape, options: AffineGridOptions = {}): Tensor {
  const { alignCorners = false } = options;
  checkTensor('affineGrid', 'theta', theta);
  checkFloating('affineGrid', 'theta', theta);
  if (!Array.isArray(size)) throw new ArgumentError(`affineGrid: size must be [N, C, H, W] or [N, C, D, H, W]; got ${describe(size)}`);
  for (const one of size) checkInteger('affineGrid', 'each size', one, 1);
  const [examples = 0, , ...spatial] = size;
  const rank = spatial.length;
  if ((rank !== 2 && rank !== 3) || !sameShape(theta.shape, [examples, rank, rank + 1])) {
    throw new ShapeError(
      `affineGrid: theta must be [N, 2, 3] for a size [N, C, H, W], or [N, 3, 4] for [N, C, D, H, W]; got ${formatShape(theta.shape)} and ${formatShape(size)}`,
    );
  }
  const base = tensor(middles(spatial, alignCorners), { shape: [sizeOf(spatial), rank + 1], dtype: theta.dtype });
  return base.matmul(theta.transpose(1, 2)).reshape([examples, ...spatial, rank]);
}

// ---------------------------------------------------------------------------------------------------------------------

const layouts = 'x must be [N, C, H, W] and grid [N, outH, outW, 2], or x [N, C, D, H, W] and grid [N, outD, outH, outW, 3]';

function checkGrid(x: Tensor, grid: Tensor, mode: GridSampleMode): void {
  checkInputs('gridSample', { x, grid });
  const got = `got x ${formatShape(x.shape)} and grid ${formatShape(grid.shape)}`;
  const rank = x.ndim - 2;
  const fits = (rank === 2 || rank === 3) && grid.ndim === x.ndim && grid.size(-1) === rank && grid.size(0) === x.size(0);
  if (!fits) throw new ShapeError(`gridSample: ${layouts}; ${got}`);
  if (sizeOf(x.shape.slice(2)) === 0) throw new ShapeError(`gridSample: x must have elements in each plane; ${got}`);
  if (mode === 'bicubic' && rank === 3) throw new ArgumentError(`gridSample: mode 'bicubic' needs x [N, C, H, W]; ${got}`);
}

/** The coordinates `(x, y, …, 1)` of all places, row by row. */
function middles(spatial: Shape, alignCorners: boolean): Float64Array<ArrayBuffer> {
  const rank = spatial.length;
  const rows = new Float64Array(sizeOf(spatial) * (rank + 1)).fill(1);
  for (let place = 0, rest = 0; place < sizeOf(spatial); place++) {
    rest = place;
    for (let dim = rank - 1; dim >= 0; dim--) {
      const size = spatial[dim] ?? 1;
      rows[place * (rank + 1) + rank - 1 - dim] = coordinate(rest % size, size, alignCorners);
      rest = Math.floor(rest / size);
    }
  }
  return rows;
}

function coordinate(i: number, size: number, alignCorners: boolean): number {
  if (!alignCorners) return (2 * i + 1) / size - 1;
  return size === 1 ? 0 : (2 * i) / (size - 1) - 1;
}
