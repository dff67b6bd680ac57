import type { Tensor } from '@dl/tensor';
import type { Dropout } from './dropout.ts';
import type { LayerNorm } from './layerNorm.ts';
import type { Linear } from './linear.ts';

/** The feed-forward part of a layer. */
interface FeedForward {
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly activation: (x: Tensor) => Tensor;
}

/** `x + block(norm(x))`, or `norm(x + block(x))`: what a part of a transformer layer does, with dropout behind the block. */
export function residual(
  x: Tensor,
  block: (x: Tensor) => Tensor,
  { norm, dropout, normFirst }: { readonly norm: LayerNorm; readonly dropout: Dropout; readonly normFirst: boolean },
): Tensor {
  return normFirst ? x.add(dropout(block(norm(x)))) : norm(x.add(dropout(block(x))));
}

/** `linear2(dropout(activation(linear1(x))))`. */
export function feedForward({ linear1, dropout, linear2, activation }: FeedForward, x: Tensor): Tensor {
  return linear2(dropout(activation(linear1(x))));
}
