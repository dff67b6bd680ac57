import { type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { formatShape, sameShape } from '@dl/tensor/internal';
import { checkInputs, checkNonNegative, checkSize } from './checks.ts';

/** What `rmsNorm` takes. */
export interface RMSNormOptions {
  /** Multiplied with what is normalised; default ones. */
  readonly weight?: Tensor | null;
  /** Added to the mean square; default, also for `null`: the distance from 1 to the next number of x's dtype. */
  readonly eps?: number | null;
}

/**
 * `x / sqrt(mean(x²) + eps) * weight` over the last dims, which must be `normalizedShape` (Zhang and Sennrich 2019).
 * PyTorch: `torch.nn.functional.rms_norm`.
 *
 * @throws ShapeError if the last dims or the weight have other sizes.
 * @example rmsNorm(x, [64], { weight })
 */
export function rmsNorm(x: Tensor, normalizedShape: Shape, options: RMSNormOptions = {}): Tensor {
  const { weight = null } = options;
  checkInputs('rmsNorm', { x, weight });
  const eps = options.eps ?? epsilonOf(x);
  checkNonNegative('rmsNorm', 'eps', eps);
  const dims = normalizedShape.length;
  if (dims === 0 || dims > x.ndim || !sameShape(x.shape.slice(-dims), normalizedShape)) {
    throw new ShapeError(`rmsNorm: the last dims must be ${formatShape(normalizedShape)}; got x ${formatShape(x.shape)}`);
  }
  if (weight !== null) checkSize('rmsNorm', 'weight', weight, normalizedShape);
  const dim = normalizedShape.map((_, i) => i - dims);
  const normal = x.mul(x.square().mean({ dim, keepDim: true }).add(eps).rsqrt());
  return weight === null ? normal : normal.mul(weight);
}

/** The distance from 1 to the next number. */
function epsilonOf({ dtype }: Tensor): number {
  return dtype === 'float64' ? 2 ** -52 : 2 ** -23;
}
