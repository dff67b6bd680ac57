import { ArgumentError, gelu, relu, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import type { FloatingOptions } from './options.ts';

/** What stands between the two products of the feed-forward part. */
export type Activation = 'relu' | 'gelu' | ((x: Tensor) => Tensor);

/** What all layers of a transformer take. */
export interface TransformerLayerOptions extends FloatingOptions {
  /** The width between the two products of the feed-forward part; default 2048. */
  readonly dimFeedforward?: number;
  /** The probability of dropout: of attention weights, in the feed-forward part, and of what is added to the input. Default 0.1. */
  readonly dropout?: number;
  /** Default `'relu'`. */
  readonly activation?: Activation;
  /** Added to variances in the normalisations; default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether inputs and outputs are `[B, T, E]`; else `[T, B, E]`. Default `false`. */
  readonly batchFirst?: boolean;
  /** Whether each part normalises its input, rather than the sum of its input and output. Default `false`. */
  readonly normFirst?: boolean;
  /** Whether products and normalisations have biases; default `true`. */
  readonly bias?: boolean;
}

/** An activation as a function. */
export function activationOf(caller: string, activation: Activation): (x: Tensor) => Tensor {
  if (typeof activation === 'function') return activation;
  if (activation === 'relu') return relu;
  if (activation === 'gelu') return exactGelu;
  throw new ArgumentError(`${caller}: activation must be 'relu', 'gelu' or a function; got ${describe(activation)}`);
}

function exactGelu(x: Tensor): Tensor {
  return gelu(x);
}
