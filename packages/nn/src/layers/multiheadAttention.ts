import { empty, scaledDotProductAttention, type Tensor, zeros } from '@dl/tensor';
import { type Heads, mergeHeads, sizesOf, weighHeads, withExtraKey } from '../functional/attention.ts';
import { mergedMask, widenedMask } from '../functional/attentionMasks.ts';
import { zeros as fillZeros, xavierNormal, xavierUniform } from '../init/fill.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import type { KeyValueCache } from './keyValueCache.ts';
import { Linear } from './linear.ts';
import { caller, checkCall, checkSizes } from './multiheadAttentionChecks.ts';
import { type Inputs, mapShared, projectHeads } from './multiheadAttentionProjections.ts';
import type { FloatingOptions } from './options.ts';

/** What `MultiheadAttention` takes. */
export interface MultiheadAttentionOptions extends FloatingOptions {
  /** The probability of an attention weight to become zero in training; default 0. */
  readonly dropout?: number;
  /** Whether the projections have biases; default `true`. */
  readonly bias?: boolean;
  /** Whether a learned key and value stand behind those given; default `false`. */
  readonly addBiasKv?: boolean;
  /** Whether a key and value of zeros stand behind those given; default `false`. */
  readonly addZeroAttn?: boolean;
  /** The width of keys; default `embedDim`. */
  readonly kdim?: number;
  /** The width of values; default `embedDim`. */
  readonly vdim?: number;
  /** Whether inputs and outputs are `[B, T, E]`; else `[T, B, E]`. Default `false`. */
  readonly batchFirst?: boolean;
}

/** What a call of `MultiheadAttention` takes beside its three inputs. Bool masks hide where they are true; floating ones are added to the scores. */
export interface AttentionCallOptions {
  /** `[B, S]`, or `[S]` without a batch: which keys are padding. */
  readonly keyPaddingMask?: Tensor | null;
  /** Whether the weights are returned, which costs the memory of all pairs; default `true`. */
  readonly needWeights?: boolean;
  /** `[T, S]`, or `[B · numHeads, T, S]`: which keys a query does not see. */
  readonly attnMask?: Tensor | null;
  /** Whether the weights returned are the mean over the heads; default `true`. */
  readonly averageAttnWeights?: boolean;
  /** A promise that `attnMask` is the causal mask: it need not be read. Default `false`. */
  readonly isCausal?: boolean;
  /** Keys and values of earlier calls: these ones are added, and queries see all up to their own place. Not in PyTorch. */
  readonly cache?: KeyValueCache | null;
}

/** The output, and the weights or `null`. */
export type AttentionResult = readonly [output: Tensor, weights: Tensor | null];

/**
 * `Concat(head₁, …, headₕ) Wᵒ` with `headᵢ = softmax(Q Kᵀ / √D + mask) V`, where Q, K, V are projections of query, key, value and
 * `D = embedDim / numHeads` (Vaswani et al., "Attention is all you need", 2017). Query `[T, B, E]`, key `[S, B, kdim]`, value
 * `[S, B, vdim]` give `[T, B, E]` and weights `[B, T, S]` (`[B, numHeads, T, S]` unless averaged); with `batchFirst` B comes first; without
 * a batch the dim B is left out everywhere. PyTorch: `torch.nn.MultiheadAttention`.
 *
 * The numbers are the same with weights and without, but for a query that sees no key: as in PyTorch it gets NaN with them, else zeros in the
 * place of its heads. `isCausal` never hides what `addBiasKv` and `addZeroAttn` add; in PyTorch it may.
 *
 * @throws ArgumentError if the heads do not divide `embedDim`, or for `isCausal` without `attnMask`; ShapeError, DTypeError for inputs and
 *   masks that do not fit.
 * @example
 * const attention = new MultiheadAttention(64, 4, { batchFirst: true });
 * const [output, weights] = attention(x, x, x); // self-attention
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  /** May be set at any time. */
  dropout: number;
  /** Of query, key and value, `[3 · embedDim, embedDim]`, where they are of one width; else `null`, and there are three of them. */
  readonly inProjWeight: Parameter | null;
  readonly qProjWeight: Parameter | null;
  readonly kProjWeight: Parameter | null;
  readonly vProjWeight: Parameter | null;
  /** `[3 · embedDim]`, or `null`. */
  readonly inProjBias: Parameter | null;
  readonly outProj: Linear;
  readonly biasK: Parameter | null;
  readonly biasV: Parameter | null;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false, dtype = 'float32' } = options;
    const { kdim = embedDim, vdim = embedDim } = options;
    checkSizes({ embedDim, numHeads, kdim, vdim }, dropout);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.kdim = kdim;
    this.vdim = vdim;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    this.dropout = dropout;
    const isPacked = kdim === embedDim && vdim === embedDim;
    const weight = (rows: number, columns: number) => xavierUniform(new Parameter(empty([rows, columns], { dtype })));
    const row = () => xavierNormal(new Parameter(empty([1, 1, embedDim], { dtype })));
    this.inProjWeight = isPacked ? weight(3 * embedDim, embedDim) : null;
    this.qProjWeight = isPacked ? null : weight(embedDim, embedDim);
    this.kProjWeight = isPacked ? null : weight(embedDim, kdim);
    this.vProjWeight = isPacked ? null : weight(embedDim, vdim);
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim], { dtype })) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, dtype });
    if (this.outProj.bias !== null) fillZeros(this.outProj.bias);
    this.biasK = addBiasKv ? row() : null;
    this.biasV = addBiasKv ? row() : null;
  }

  override forward(query: Tensor, key: Tensor, value: Tensor, options: AttentionCallOptions = {}): AttentionResult {
    checkCall(this, { query, key, value }, options);
    if (query.ndim === 3) return attend(this, { query, key, value }, options, this.batchFirst);
    const { keyPaddingMask = null, ...rest } = options;
    const batched = mapShared({ query, key, value }, (x) => x.unsqueeze(0));
    const [output, weights] = attend(this, batched, { ...rest, keyPaddingMask: keyPaddingMask?.unsqueeze(0) ?? null }, true);
    return [output.squeeze({ dim: 0 }), weights?.squeeze({ dim: 0 }) ?? null];
  }
}

// ---------------------------------------------------------------------------------------------------------------------

/** As PyTorch prints the output projection. */
class NonDynamicallyQuantizableLinear extends Linear {}

function attend(layer: MultiheadAttention, inputs: Inputs, options: AttentionCallOptions, batchFirst: boolean): AttentionResult {
  const { needWeights = true, averageAttnWeights = true } = options;
  const { heads, mask, isCausal } = seenKeys(layer, projectHeads(layer, inputs, batchFirst), options);
  const dropoutP = layer.training ? layer.dropout : 0;
  if (needWeights) {
    const { output, weights } = weighHeads(heads, mask, dropoutP);
    return [layer.outProj(mergeHeads(output, batchFirst)), averageAttnWeights ? weights.mean({ dim: 1 }) : weights];
  }
  const { query, key, value } = heads;
  const masked = mask === null ? { isCausal } : { attnMask: mask };
  return [layer.outProj(mergeHeads(scaledDotProductAttention(query, key, value, { dropoutP, ...masked }), batchFirst)), null];
}

/** The keys that queries may see, and which ones they do. */
interface SeenKeys {
  readonly heads: Heads;
  readonly mask: Tensor | null;
  readonly isCausal: boolean;
}

function seenKeys(layer: MultiheadAttention, projected: Heads, options: AttentionCallOptions): SeenKeys {
  const { keyPaddingMask = null, isCausal = false, needWeights = true, cache = null } = options;
  if (cache !== null) return cachedKeys(projected, cache);
  const heads = withExtraKeys(layer, projected);
  const extra = heads.key.size(2) - projected.key.size(2);
  const mask = mergedMask(caller, { attnMask: options.attnMask ?? null, keyPaddingMask }, sizesOf(projected));
  // The kernel's causal mask would hide the keys behind the others.
  if (isCausal && !needWeights && keyPaddingMask === null && extra === 0) return { heads, mask: null, isCausal };
  return { heads, mask: mask === null ? null : widenedMask(mask, extra), isCausal: false };
}

function cachedKeys({ query, key, value }: Heads, cache: KeyValueCache): SeenKeys {
  const { keys, values, mask } = cache.append(key, value);
  const heads = { query, key: keys, value: values };
  return { heads, mask: mergedMask(caller, { attnMask: mask.logicalNot(), keyPaddingMask: null }, sizesOf(heads)), isCausal: false };
}

function withExtraKeys({ biasK, biasV, addZeroAttn }: MultiheadAttention, heads: Heads): Heads {
  const biased = biasK === null ? heads : withExtraKey(heads, biasK, biasV);
  return addZeroAttn ? withExtraKey(biased, null, null) : biased;
}
