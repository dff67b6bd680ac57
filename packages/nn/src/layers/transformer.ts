import { full, ShapeError, type Tensor, triu } from '@dl/tensor';
import { checkInteger, checkTensor, formatShape } from '@dl/tensor/internal';
import { xavierUniform } from '../init/fill.ts';
import { Module } from '../module.ts';
import { LayerNorm } from './layerNorm.ts';
import type { FloatingOptions } from './options.ts';
import { type DecoderCallOptions, TransformerDecoder, TransformerDecoderLayer } from './transformerDecoder.ts';
import { type EncoderCallOptions, TransformerEncoder, TransformerEncoderLayer } from './transformerEncoder.ts';
import type { TransformerLayerOptions } from './transformerOptions.ts';

/** What stands in the place of the encoder. */
type CustomEncoder = Module & ((src: Tensor, options: EncoderCallOptions) => Tensor);
/** What stands in the place of the decoder. */
type CustomDecoder = Module & ((tgt: Tensor, memory: Tensor, options: DecoderCallOptions) => Tensor);

/** What `Transformer` takes. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** The width of inputs and outputs; default 512. */
  readonly dModel?: number;
  /** Default 8. */
  readonly nhead?: number;
  /** Default 6. */
  readonly numEncoderLayers?: number;
  /** Default 6. */
  readonly numDecoderLayers?: number;
  /** A module in the encoder's place. */
  readonly customEncoder?: CustomEncoder | null;
  /** A module in the decoder's place. */
  readonly customDecoder?: CustomDecoder | null;
}

/** The masks of a transformer: those of its encoder and of its decoder. */
export interface TransformerCallOptions extends Omit<DecoderCallOptions, 'caches'> {
  /** `[S, S]`, or `[B · nhead, S, S]`: which places of the source a place does not see. */
  readonly srcMask?: Tensor | null;
  /** `[B, S]`, or `[S]` without a batch: which places of the source are padding. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** A promise that `srcMask` is the causal mask. Default `false`: it is read. */
  readonly srcIsCausal?: boolean | null;
}

/**
 * An encoder of the source and a decoder of the target that sees what the encoder gives (Vaswani et al., "Attention is all you need", 2017).
 * Source `[S, B, dModel]` and target `[T, B, dModel]` give `[T, B, dModel]`; with `batchFirst` B comes first, and B may be left out. All
 * weights start by Xavier's rule. PyTorch: `torch.nn.Transformer`.
 *
 * @throws ArgumentError for options out of range; at the call ShapeError for inputs and masks that do not fit.
 * @example
 * const model = new Transformer({ dModel: 64, nhead: 4, numEncoderLayers: 2, numDecoderLayers: 2, batchFirst: true });
 * const tgtMask = Transformer.generateSquareSubsequentMask(target.size(1));
 * const output = model(source, target, { tgtMask, tgtIsCausal: true });
 */
export class Transformer extends Module {
  readonly encoder: CustomEncoder;
  readonly decoder: CustomDecoder;
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(options: TransformerOptions = {}) {
    super();
    const { dModel = 512, nhead = 8, batchFirst = false } = options;
    this.encoder = options.customEncoder ?? encoderOf(dModel, nhead, options);
    this.decoder = options.customDecoder ?? decoderOf(dModel, nhead, options);
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = batchFirst;
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform(parameter);
  }

  override forward(src: Tensor, tgt: Tensor, options: TransformerCallOptions = {}): Tensor {
    checkPair(this, src, tgt);
    const { srcMask = null, srcKeyPaddingMask = null, srcIsCausal = null, ...rest } = options;
    return this.decoder(tgt, this.encoder(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal }), rest);
  }

  /**
   * The causal mask `[size, size]`: minus infinity above the diagonal, else 0.
   *
   * @throws ArgumentError if the size is not a whole number.
   * @example Transformer.generateSquareSubsequentMask(2) // [[0, -Infinity], [0, 0]]
   */
  static generateSquareSubsequentMask(size: number, { dtype = 'float32' }: FloatingOptions = {}): Tensor {
    checkInteger('generateSquareSubsequentMask', 'size', size, 0);
    return triu(full([size, size], Number.NEGATIVE_INFINITY, { dtype }), { diagonal: 1 });
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function encoderOf(dModel: number, nhead: number, options: TransformerOptions): TransformerEncoder {
  const layer = new TransformerEncoderLayer(dModel, nhead, options);
  return new TransformerEncoder(layer, options.numEncoderLayers ?? 6, { norm: normOf(dModel, options) });
}

function decoderOf(dModel: number, nhead: number, options: TransformerOptions): TransformerDecoder {
  const layer = new TransformerDecoderLayer(dModel, nhead, options);
  return new TransformerDecoder(layer, options.numDecoderLayers ?? 6, { norm: normOf(dModel, options) });
}

function normOf(dModel: number, { layerNormEps: eps = 1e-5, bias = true, dtype = 'float32' }: TransformerOptions): LayerNorm {
  return new LayerNorm(dModel, { eps, bias, dtype });
}

function checkPair({ dModel, batchFirst }: Transformer, src: Tensor, tgt: Tensor): void {
  checkTensor('Transformer', 'src', src);
  checkTensor('Transformer', 'tgt', tgt);
  const shapes = `${formatShape(src.shape)} and ${formatShape(tgt.shape)}`;
  if (src.ndim !== tgt.ndim || (src.ndim !== 2 && src.ndim !== 3))
    throw new ShapeError(`Transformer: src and tgt must both have 3 dims, or 2 without a batch; got ${shapes}`);
  if (src.size(-1) !== dModel || tgt.size(-1) !== dModel)
    throw new ShapeError(`Transformer: the last dims of src and tgt must be dModel, ${dModel}; got ${shapes}`);
  const batch = batchFirst ? 0 : 1;
  if (src.ndim === 3 && src.size(batch) !== tgt.size(batch))
    throw new ShapeError(`Transformer: src and tgt must have batches of one size, dim ${batch}; got ${shapes}`);
}
