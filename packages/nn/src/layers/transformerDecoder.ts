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

/** The masks of a decoder. Bool ones hide where they are true; floating ones are added to the scores. */
interface DecoderMasks {
  /** `[T, T]`, or `[B · nhead, T, T]`: which places of the target a place does not see. */
  readonly tgtMask?: Tensor | null;
  /** `[T, S]`, or `[B · nhead, T, S]`: which places of the memory it does not see. */
  readonly memoryMask?: Tensor | null;
  /** `[B, T]`, or `[T]` without a batch: which places of the target are padding. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** `[B, S]`, or `[S]` without a batch: which places of the memory are padding. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** A promise that `memoryMask` is the causal mask: it need not be read. Default `false`. */
  readonly memoryIsCausal?: boolean;
}

/** What a call of a decoder layer takes. */
export interface DecoderLayerCallOptions extends DecoderMasks {
  /** A promise that `tgtMask` is the causal mask: it need not be read. Default `false`. */
  readonly tgtIsCausal?: boolean;
  /** Keys and values of the target of earlier calls, for generation: then each place sees those up to itself. Not in PyTorch. */
  readonly cache?: KeyValueCache | null;
}

/** What a call of a decoder takes. */
export interface DecoderCallOptions extends DecoderMasks {
  /** A promise that `tgtMask` is the causal mask. Default `false`: it is read. */
  readonly tgtIsCausal?: boolean | null;
  /** A cache for each layer. Not in PyTorch. */
  readonly caches?: readonly KeyValueCache[] | null;
}

/**
 * Self-attention over the target, attention over the memory (what the encoder gave), then two products with an activation between; sums
 * and normalisations as in `TransformerEncoderLayer`. Target `[T, B, dModel]` and memory `[S, B, dModel]` give the target's shape; with
 * `batchFirst` B comes first, and B may be left out. PyTorch: `torch.nn.TransformerDecoderLayer`.
 *
 * @throws ArgumentError if the heads do not divide `dModel`, or options are out of range; at the call as `MultiheadAttention`.
 * @example new TransformerDecoderLayer(64, 4, { batchFirst: true })(target, memory)
 */
export class TransformerDecoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, activation = 'relu', layerNormEps: eps = 1e-5 } = options;
    const { batchFirst = false, normFirst = false, bias = true, dtype = 'float32' } = options;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm3 = new LayerNorm(dModel, { eps, bias, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf('TransformerDecoderLayer', activation);
    this.normFirst = normFirst;
  }

  override forward(tgt: Tensor, memory: Tensor, options: DecoderLayerCallOptions = {}): Tensor {
    const { normFirst, norm1, norm2, norm3, dropout1, dropout2, dropout3 } = this;
    const attended = residual(tgt, (x) => this.selfAttn(x, x, x, ownKeys(options))[0], { norm: norm1, dropout: dropout1, normFirst });
    const informed = residual(attended, (x) => this.multiheadAttn(x, memory, memory, memoryKeys(options))[0], {
      norm: norm2,
      dropout: dropout2,
      normFirst,
    });
    return residual(informed, (x) => feedForward(this, x), { norm: norm3, dropout: dropout3, normFirst });
  }
}

/**
 * Decoder layers, one after the other: copies of the one given, which start with its values and learn each their own, and a norm.
 * PyTorch: `torch.nn.TransformerDecoder`.
 *
 * @throws ArgumentError if the number of layers is not whole and above 0, or what is given is no such layer.
 * @example new TransformerDecoder(new TransformerDecoderLayer(64, 4), 6)(target, memory)
 */
export class TransformerDecoder extends TransformerStack<TransformerDecoderLayer> {
  constructor(decoderLayer: TransformerDecoderLayer, numLayers: number, options: TransformerStackOptions = {}) {
    if (!(decoderLayer instanceof TransformerDecoderLayer))
      throw new ArgumentError(`TransformerDecoder: decoderLayer must be a TransformerDecoderLayer; got ${describe(decoderLayer)}`);
    super(decoderLayer, numLayers, options);
  }

  override forward(tgt: Tensor, memory: Tensor, options: DecoderCallOptions = {}): Tensor {
    const { caches = null, tgtIsCausal, ...masks } = options;
    let output = tgt;
    for (const [layer, cache] of this.layersWith(caches))
      output = layer(output, memory, { ...masks, tgtIsCausal: tgtIsCausal ?? false, cache });
    return this.norm === null ? output : this.norm(output);
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function ownKeys({ tgtMask = null, tgtKeyPaddingMask = null, tgtIsCausal = false, cache = null }: DecoderLayerCallOptions) {
  return { attnMask: tgtMask, keyPaddingMask: tgtKeyPaddingMask, isCausal: tgtIsCausal, cache, needWeights: false };
}

function memoryKeys({ memoryMask = null, memoryKeyPaddingMask = null, memoryIsCausal = false }: DecoderMasks) {
  return { attnMask: memoryMask, keyPaddingMask: memoryKeyPaddingMask, isCausal: memoryIsCausal, needWeights: false };
}
