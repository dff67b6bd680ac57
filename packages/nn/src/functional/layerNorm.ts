import { ones, type Shape, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { apply, checkFinite, formatShape, sameShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';

/** What `layerNorm` takes. */
export interface LayerNormOptions {
  /** Multiplied with what is normalised; default ones. */
  readonly weight?: Tensor | null;
  /** Added to it; default zeros. */
  readonly bias?: Tensor | null;
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` over the last dims, which must be `normalizedShape`; the variance is the biased one.
 * PyTorch: `torch.nn.functional.layer_norm`.
 *
 * @throws ShapeError if the last dims, the weight or the bias have other sizes.
 * @example layerNorm(x, [64], { weight, bias })
 */
export function layerNorm(x: Tensor, normalizedShape: Shape, options: LayerNormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkInputs('layerNorm', { x, weight, bias });
  checkFinite('layerNorm', 'eps', eps);
  const dims = normalizedShape.length;
  if (dims === 0 || dims > x.ndim || !sameShape(x.shape.slice(-dims), normalizedShape)) {
    throw new ShapeError(`layerNorm: the last dims must be ${formatShape(normalizedShape)}; got x ${formatShape(x.shape)}`);
  }
  if (weight !== null) checkSize('layerNorm', 'weight', weight, normalizedShape);
  if (bias !== null) checkSize('layerNorm', 'bias', bias, normalizedShape);
  const { dtype } = x;
  const scale = weight ?? ones(normalizedShape, { dtype });
  const shift = bias ?? zeros(normalizedShape, { dtype });
  return apply('layerNorm', [x, scale, shift], { dims }, [eps])[0];
}
