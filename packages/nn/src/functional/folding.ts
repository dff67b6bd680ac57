import { indexAdd, pad, type Shape, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { checkFloating, checkTensor, eachDim, formatShape, reachOf, type Steps, stepsAlong } from '@dl/tensor/internal';
import { pick } from './interpolateTaps.ts';

type Two = readonly [number, number];

/** How the windows of `unfold` and `fold` move. */
export interface FoldOptions {
  /** How far a window's elements are apart. Default 1. */
  readonly dilation?: number | Two;
  /** Zeros on both sides. Default 0. */
  readonly padding?: number | Two;
  /** How far the window moves. Default 1. */
  readonly stride?: number | Two;
}

/**
 * The elements of each window as a column: x `[N, C, H, W]` or `[C, H, W]` gives `[N, C · KH · KW, L]`, L windows row by row, so that a
 * convolution is a matrix product with it. PyTorch: `torch.nn.functional.unfold`.
 *
 * @throws ShapeError if the rank is wrong, x has no elements, or the kernel is larger than the padded input; ArgumentError for options out
 *   of range; DTypeError unless x is floating.
 * @example unfold(ones([1, 3, 10, 12]), [4, 5]).shape // [1, 60, 56]
 */
export function unfold(x: Tensor, kernelSize: number | Two, options: FoldOptions = {}): Tensor {
  checkImages('unfold', x);
  const windows = windowsFor('unfold', x.shape.slice(-2), kernelSize, options);
  const [rows, columns] = windows;
  const padded = pad(x, [columns.padding, columns.padding, rows.padding, rows.padding]);
  const apart = windows.reduce((picked, window, dim) => pick(picked, x.ndim - 2 + dim, window.indices), padded);
  const batch = x.shape.slice(0, -3);
  return apart
    .reshape([...batch, x.size(-3), rows.kernelSize, rows.count, columns.kernelSize, columns.count])
    .permute([...batch.keys(), ...[0, 1, 3, 2, 4].map((dim) => batch.length + dim)])
    .reshape([...batch, x.size(-3) * rows.kernelSize * columns.kernelSize, rows.count * columns.count]);
}

/**
 * Adds columns up where their windows lie in an image of `outputSize`: the transpose of `unfold`. x is `[N, C · KH · KW, L]` or without N;
 * the result `[N, C, H, W]`. PyTorch: `torch.nn.functional.fold`.
 *
 * @throws ShapeError if the rank is wrong, the kernel's elements do not divide dim -2, the last dim is not the number of windows, or the
 *   kernel is larger than the padded output; ArgumentError for options out of range; DTypeError unless x is floating.
 * @example fold(ones([1, 12, 12]), [4, 5], 2).shape // [1, 3, 4, 5]
 */
export function fold(x: Tensor, outputSize: number | Two, kernelSize: number | Two, options: FoldOptions = {}): Tensor {
  checkTensor('fold', 'x', x);
  checkFloating('fold', 'x', x);
  const sizes = eachDim('fold', 'outputSize', outputSize, 2, 1);
  const windows = windowsFor('fold', sizes, kernelSize, options);
  checkColumns(x, windows);
  const [rows, columns] = windows;
  const batch = x.shape.slice(0, -2);
  const channels = x.size(-2) / (rows.kernelSize * columns.kernelSize);
  const apart = x
    .reshape([...batch, channels, rows.kernelSize, columns.kernelSize, rows.count, columns.count])
    .permute([...batch.keys(), ...[0, 1, 3, 2, 4].map((dim) => batch.length + dim)])
    .reshape([...batch, channels, rows.kernelSize * rows.count, columns.kernelSize * columns.count]);
  const added = addUp(addUp(apart, -1, columns), -2, rows);
  return pad(added, [-columns.padding, -columns.padding, -rows.padding, -rows.padding]);
}

// ---------------------------------------------------------------------------------------------------------------------

/** The windows along one dim. */
interface Windows extends Steps {
  readonly count: number;
  /** The size with padding. */
  readonly padded: number;
  /** Where element k of window l stands among the padded elements; l changes first. */
  readonly indices: Int32Array<ArrayBuffer>;
}

function windowsFor(caller: string, sizes: Shape, size: number | Two, options: FoldOptions): readonly [rows: Windows, columns: Windows] {
  const { dilation = 1, padding = 0, stride = 1 } = options;
  const kernelSize = eachDim(caller, 'kernelSize', size, 2, 1);
  const moves = {
    dilation: eachDim(caller, 'dilation', dilation, 2, 1),
    padding: eachDim(caller, 'padding', padding, 2, 0),
    stride: eachDim(caller, 'stride', stride, 2, 1),
  };
  const [rows, columns] = stepsAlong(kernelSize, moves).map((steps, dim) => windowsOf(steps, sizes[dim] ?? 1));
  if (rows === undefined || columns === undefined || rows.count < 1 || columns.count < 1) {
    const padded = sizes.map((length, dim) => length + 2 * (moves.padding[dim] ?? 0));
    const reach = stepsAlong(kernelSize, moves).map(reachOf);
    throw new ShapeError(
      `${caller}: the kernel must not be larger than the padded image; got ${formatShape(reach)} over ${formatShape(padded)}`,
    );
  }
  return [rows, columns];
}

function windowsOf(steps: Steps, size: number): Windows {
  const { kernelSize, stride, padding, dilation } = steps;
  const padded = size + 2 * padding;
  const count = Math.max(Math.floor((padded - reachOf(steps)) / stride) + 1, 0);
  const indices = Int32Array.from({ length: kernelSize * count }, (_, at) => (at % count) * stride + Math.floor(at / count) * dilation);
  return { ...steps, count, padded, indices };
}

function addUp(x: Tensor, dim: number, { padded, indices }: Windows): Tensor {
  const at = x.ndim + dim;
  const empty = zeros(
    x.shape.map((size, i) => (i === at ? padded : size)),
    { dtype: x.dtype },
  );
  return indexAdd(empty, at, tensor(indices), x);
}

function checkImages(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
  if ((x.ndim !== 3 && x.ndim !== 4) || x.shape.slice(-3).includes(0)) {
    throw new ShapeError(`${caller}: x must be [N, C, H, W] or [C, H, W] with elements in each plane; got ${formatShape(x.shape)}`);
  }
}

function checkColumns(x: Tensor, [rows, columns]: readonly [Windows, Windows]): void {
  const elements = rows.kernelSize * columns.kernelSize;
  const count = rows.count * columns.count;
  if ((x.ndim === 2 || x.ndim === 3) && x.size(-2) > 0 && x.size(-2) % elements === 0 && x.size(-1) === count) return;
  throw new ShapeError(
    `fold: x must be [N, C · ${elements}, ${count}], for kernels of ${elements} elements at ${rows.count} × ${columns.count} places; got ${formatShape(x.shape)}`,
  );
}
