import { dropout, ones, rand, type Shape, ShapeError, type Tensor, where } from '@dl/tensor';
import { formatShape } from '@dl/tensor/internal';
import { checkInputs, checkProbability } from './checks.ts';

/** What `dropout1d`, `dropout2d` and `dropout3d` take. */
export interface ChannelDropoutOptions {
  /** The probability of a channel to become zero; default 0.5. */
  readonly p?: number;
  /** `false` returns the input as it is; default `true`. */
  readonly training?: boolean;
}

/** What `alphaDropout` and `featureAlphaDropout` take. */
export interface AlphaDropoutOptions {
  /** The probability to be dropped; default 0.5. */
  readonly p?: number;
  /** `false`, the default, returns the input as it is. */
  readonly training?: boolean;
}

/**
 * Zeroes whole channels with probability p and scales the rest by `1 / (1 - p)`: x `[N, C, L]` or `[C, L]` (Tompson et al. 2015).
 * PyTorch: `torch.nn.functional.dropout1d`.
 *
 * @throws ArgumentError if p is not in [0, 1]; ShapeError for another rank.
 * @example dropout1d(x, { p: 0.2 })
 */
export function dropout1d(x: Tensor, options: ChannelDropoutOptions = {}): Tensor {
  return channelDropout('dropout1d', x, { 2: [1], 3: [0, 1] }, '[N, C, L] or [C, L]', options);
}

/**
 * The same of x `[N, C, H, W]`; three dims are taken as `[N, C, L]`, as PyTorch does. PyTorch: `torch.nn.functional.dropout2d`.
 *
 * @throws as `dropout1d`.
 * @example dropout2d(x, { p: 0.2 })
 */
export function dropout2d(x: Tensor, options: ChannelDropoutOptions = {}): Tensor {
  return channelDropout('dropout2d', x, { 3: [0, 1], 4: [0, 1] }, '[N, C, H, W] or [N, C, L]', options);
}

/**
 * The same of x `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.functional.dropout3d`.
 *
 * @throws as `dropout1d`.
 * @example dropout3d(x, { p: 0.2 })
 */
export function dropout3d(x: Tensor, options: ChannelDropoutOptions = {}): Tensor {
  return channelDropout('dropout3d', x, { 4: [1], 5: [0, 1] }, '[N, C, D, H, W] or [C, D, H, W]', options);
}

/**
 * Dropout for activations with mean 0 and variance 1 that keeps both: an element becomes, with probability p, what `selu` tends to on the
 * left, then all are scaled and shifted (Klambauer et al. 2017). PyTorch: `torch.nn.functional.alpha_dropout`.
 *
 * @throws ArgumentError if p is not in [0, 1].
 * @example alphaDropout(selu(x), { p: 0.1, training: true })
 */
export function alphaDropout(x: Tensor, options: AlphaDropoutOptions = {}): Tensor {
  checkInputs('alphaDropout', { x });
  return droppedToAlpha('alphaDropout', x, x.shape, options);
}

/**
 * `alphaDropout` of whole channels of x `[N, C, …]`. PyTorch: `torch.nn.functional.feature_alpha_dropout`.
 *
 * @throws ArgumentError if p is not in [0, 1]; ShapeError if x has less than 2 dims.
 * @example featureAlphaDropout(selu(x), { p: 0.1, training: true })
 */
export function featureAlphaDropout(x: Tensor, options: AlphaDropoutOptions = {}): Tensor {
  checkInputs('featureAlphaDropout', { x });
  if (x.ndim < 2) throw new ShapeError(`featureAlphaDropout: x must be [N, C, …]; got ${formatShape(x.shape)}`);
  return droppedToAlpha('featureAlphaDropout', x, keeping(x.shape, [0, 1]), options);
}

// ---------------------------------------------------------------------------------------------------------------------

/** What `selu` tends to on the left, negated: its alpha times its scale. */
const seluAlpha = 1.7580993408473766;

/** Drops over all but some dims: which ones, for each rank that there may be. */
function channelDropout(
  caller: string,
  x: Tensor,
  kept: Readonly<Record<number, readonly number[]>>,
  expected: string,
  { p = 0.5, training = true }: ChannelDropoutOptions,
): Tensor {
  checkInputs(caller, { x });
  checkProbability(caller, 'p', p);
  const dims = kept[x.ndim];
  if (dims === undefined) throw new ShapeError(`${caller}: x must be ${expected}; got ${formatShape(x.shape)}`);
  if (!training || p === 0) return x;
  return x.mul(dropout(ones(keeping(x.shape, dims), { dtype: x.dtype }), { p }));
}

function droppedToAlpha(caller: string, x: Tensor, draws: Shape, { p = 0.5, training = false }: AlphaDropoutOptions): Tensor {
  checkProbability(caller, 'p', p);
  if (!training || p === 0) return x;
  if (p === 1) return x.mul(0);
  const scale = 1 / Math.sqrt((seluAlpha ** 2 * p + 1) * (1 - p));
  const kept = rand(draws, { dtype: x.dtype === 'float64' ? 'float64' : 'float32' }).ge(p);
  return where(kept, x, -seluAlpha)
    .mul(scale)
    .add(seluAlpha * scale * p);
}

/** A shape with all but some sizes made 1. */
function keeping(shape: Shape, dims: readonly number[]): Shape {
  return shape.map((size, dim) => (dims.includes(dim) ? size : 1));
}
