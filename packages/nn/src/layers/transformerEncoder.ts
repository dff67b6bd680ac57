import { ArgumentError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { Module } from '../module.ts';
import { Dropout } from './dropout.ts';
import type { KeyValueCache } from './keyValueCache.ts';
import { LayerNorm } from './layerNorm.ts';
import { Linear } from './linear.ts';
import { MultiheadAttention } from './multiheadAttention.ts';
import { feedForward, residual } from './transformerBlocks.ts';
import { activationOf, type TransformerLayerOptions } from './transformerOptions.ts';
import { TransformerStack, type TransformerStackOptions } from './transformerStack.ts';

/** The masks of an encoder layer. Bool ones hide where they are true; floating ones are added to the scores. */
export interface EncoderLayerCallOptions {
  /** `[T, T]`, or `[B · nhead, T, T]`: which places a place does not see. */
  readonly srcMask?: Tensor | null;
  /** `[B, T]`, or `[T]` without a batch: which places are padding. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** A promise that `srcMask` is the causal mask: it need not be read. Default `false`. */
  readonly isCausal?: boolean;
  /** Keys and values of earlier calls, for generation: then each place sees those up to itself. Not in PyTorch. */
  readonly cache?: KeyValueCache | null;
}

/** The masks of an encoder. */
export interface EncoderCallOptions {
  /** As `srcMask` of each layer. */
  readonly mask?: Tensor | null;
  /** As for each layer. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** A promise that `mask` is the causal mask. Default `false`: it is read. */
  readonly isCausal?: boolean | null;
  /** A cache for each layer. Not in PyTorch. */
  readonly caches?: readonly KeyValueCache[] | null;
}

/**
 * Self-attention, then two products with an activation between; the input of either is added to its output, and the sum normalised (Vaswani
 * et al. 2017), or, with `normFirst`, the input (Xiong et al. 2020). `[T, B, dModel]` gives the same shape; with `batchFirst` B comes
 * first, and B may be left out. PyTorch: `torch.nn.TransformerEncoderLayer`.
 *
 * @throws ArgumentError if the heads do not divide `dModel`, or options are out of range; at the call as `MultiheadAttention`.
 * @example new TransformerEncoderLayer(64, 4, { dimFeedforward: 256, batchFirst: true })(x)
 */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, activation = 'relu', layerNormEps: eps = 1e-5 } = options;
    const { batchFirst = false, normFirst = false, bias = true, dtype = 'float32' } = options;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf('TransformerEncoderLayer', activation);
    this.normFirst = normFirst;
  }

  override forward(src: Tensor, options: EncoderLayerCallOptions = {}): Tensor {
    const { srcMask: attnMask = null, srcKeyPaddingMask: keyPaddingMask = null, isCausal = false, cache = null } = options;
    const { normFirst, norm1, norm2, dropout1, dropout2 } = this;
    const attend = (x: Tensor) => this.selfAttn(x, x, x, { attnMask, keyPaddingMask, isCausal, cache, needWeights: false })[0];
    const attended = residual(src, attend, { norm: norm1, dropout: dropout1, normFirst });
    return residual(attended, (x) => feedForward(this, x), { norm: norm2, dropout: dropout2, normFirst });
  }
}

/**
 * Encoder layers, one after the other: copies of the one given, which start with its values and learn each their own, and a norm.
 * PyTorch: `torch.nn.TransformerEncoder`.
 *
 * Padding does not become zeros in evaluation, as it may in PyTorch's fast path: what stands there means nothing.
 *
 * @throws ArgumentError if the number of layers is not whole and above 0, or what is given is no such layer.
 * @example new TransformerEncoder(new TransformerEncoderLayer(64, 4), 6, { norm: new LayerNorm(64) })(x)
 */
export class TransformerEncoder extends TransformerStack<TransformerEncoderLayer> {
  constructor(encoderLayer: TransformerEncoderLayer, numLayers: number, options: TransformerStackOptions = {}) {
    if (!(encoderLayer instanceof TransformerEncoderLayer))
      throw new ArgumentError(`TransformerEncoder: encoderLayer must be a TransformerEncoderLayer; got ${describe(encoderLayer)}`);
    super(encoderLayer, numLayers, options);
  }

  override forward(src: Tensor, options: EncoderCallOptions = {}): Tensor {
    const { mask: srcMask = null, srcKeyPaddingMask = null, isCausal } = options;
    let output = src;
    for (const [layer, cache] of this.layersWith(options.caches ?? null))
      output = layer(output, { srcMask, srcKeyPaddingMask, isCausal: isCausal ?? false, cache });
    return this.norm === null ? output : this.norm(output);
  }
}
