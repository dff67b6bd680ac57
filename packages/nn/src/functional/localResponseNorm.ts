import { avgPool2d, ShapeError, type Tensor } from '@dl/tensor';
import { checkFinite, checkInteger, formatShape } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';

/** What `localResponseNorm` takes. */
export interface LocalResponseNormOptions {
  /** Scales the mean square; default 1e-4. */
  readonly alpha?: number;
  /** The exponent; default 0.75. */
  readonly beta?: number;
  /** Added to the mean square; default 1. */
  readonly k?: number;
}

/**
 * `x / (k + alpha · mean)^beta`, with the mean of the squares of `size` neighbouring channels, of x `[N, C, …]`; channels outside count as 0
 * (Krizhevsky et al. 2012). PyTorch: `torch.nn.functional.local_response_norm`.
 *
 * @throws ShapeError if x has less than 3 dims; ArgumentError if the size is not a whole number from 1 up.
 * @example localResponseNorm(x, 5)
 */
export function localResponseNorm(x: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  checkInputs('localResponseNorm', { x });
  checkInteger('localResponseNorm', 'size', size, 1);
  for (const [name, value] of Object.entries({ alpha, beta, k })) checkFinite('localResponseNorm', name, value);
  if (x.ndim < 3) throw new ShapeError(`localResponseNorm: x must be [N, C, …] with at least 3 dims; got ${formatShape(x.shape)}`);
  if (x.numel() === 0) return x;
  const [examples = 0, channels = 0] = x.shape;
  const squares = x.square().reshape([examples, 1, channels, x.numel() / (examples * channels)]);
  const padded = squares.pad([0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
  const means = avgPool2d(padded, [size, 1], { stride: 1 }).reshape(x.shape);
  return x.div(means.mul(alpha).add(k).pow(beta));
}
