import type { Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { paddingRow } from '../functional/embedding.ts';
import { checkBagOptions, type EmbeddingBagMode, type EmbeddingBagOptions, embeddingBag } from '../functional/embeddingBag.ts';
import { checkTableOptions } from '../functional/embeddingRows.ts';
import { Module } from '../module.ts';
import type { Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import { embeddingTable, type TableModuleOptions, tableSize } from './embeddingTable.ts';

type BagOptions = Omit<EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>;

/** What `EmbeddingBag` takes. */
export interface EmbeddingBagModuleOptions extends BagOptions, TableModuleOptions {}

/** What `EmbeddingBag.fromPretrained` takes. */
export interface PretrainedEmbeddingBagOptions extends BagOptions {
  /** Whether the rows stay as they are; default `true`. */
  readonly freeze?: boolean;
}

/**
 * Sums, means or maxima of the learned rows of each bag: indices `[B, n]`, or `[n]` with offsets `[B]`, give `[B, embeddingDim]`, zeros for
 * an empty bag. Rows start normal with variance 1, the padding row with zeros. PyTorch: `torch.nn.EmbeddingBag`.
 *
 * @throws ArgumentError if the sizes are not whole numbers from 1 up, for options out of range or that exclude each other; at the call as
 *   `functional.embeddingBag`.
 * @example new EmbeddingBag(1000, 64, { mode: 'sum' })(tokens, offsets)
 */
export class EmbeddingBag extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly mode: EmbeddingBagMode;
  /** The row that padding stands for, counted from the front, or `null`. */
  readonly paddingIdx: number | null;
  readonly includeLastOffset: boolean;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  /** `[numEmbeddings, embeddingDim]`. */
  readonly weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagModuleOptions = {}) {
    super();
    checkInteger('EmbeddingBag', 'numEmbeddings', numEmbeddings, 1);
    checkInteger('EmbeddingBag', 'embeddingDim', embeddingDim, 1);
    checkTableOptions('EmbeddingBag', options);
    checkBagOptions('EmbeddingBag', options);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.mode = options.mode ?? 'mean';
    this.paddingIdx = paddingRow(options.paddingIdx ?? null, numEmbeddings, 'EmbeddingBag');
    this.includeLastOffset = options.includeLastOffset ?? false;
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    this.weight = embeddingTable('EmbeddingBag', numEmbeddings, embeddingDim, this.paddingIdx, options);
  }

  /**
   * A layer with given rows, frozen unless `freeze` is `false`. PyTorch: `torch.nn.EmbeddingBag.from_pretrained`.
   *
   * @throws ShapeError, DTypeError unless the rows are floats `[numEmbeddings, embeddingDim]`.
   * @example EmbeddingBag.fromPretrained(vectors, { mode: 'sum' })
   */
  static fromPretrained(embeddings: Tensor, options: PretrainedEmbeddingBagOptions = {}): EmbeddingBag {
    const { freeze = true, ...rest } = options;
    const [rows, width] = tableSize('EmbeddingBag.fromPretrained', embeddings);
    return new EmbeddingBag(rows, width, { ...rest, weight: embeddings }).requiresGrad(!freeze);
  }

  override forward(indices: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    const { weight, mode, paddingIdx, includeLastOffset, maxNorm, normType, scaleGradByFreq } = this;
    const rest = { mode, paddingIdx, includeLastOffset, maxNorm, normType, scaleGradByFreq };
    return embeddingBag(indices, weight, { offsets, perSampleWeights, ...rest });
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, mode } = this;
    const parts = [`${numEmbeddings}`, `${embeddingDim}`];
    if (maxNorm !== null) parts.push(`max_norm=${float(maxNorm)}`);
    if (normType !== 2) parts.push(`norm_type=${float(normType)}`);
    if (scaleGradByFreq) parts.push(`scale_grad_by_freq=${bool(scaleGradByFreq)}`);
    parts.push(`mode='${mode}'`);
    if (paddingIdx !== null) parts.push(`padding_idx=${paddingIdx}`);
    return parts.join(', ');
  }
}
