import type { Tensor } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { type EmbeddingOptions, embedding, paddingRow } from '../functional/embedding.ts';
import { checkTableOptions } from '../functional/embeddingRows.ts';
import { Module } from '../module.ts';
import type { Parameter } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import { embeddingTable, type TableModuleOptions, tableSize } from './embeddingTable.ts';

/** What `Embedding` takes. */
export interface EmbeddingModuleOptions extends EmbeddingOptions, TableModuleOptions {}

/** What `Embedding.fromPretrained` takes. */
export interface PretrainedEmbeddingOptions extends EmbeddingOptions {
  /** Whether the rows stay as they are; default `true`. */
  readonly freeze?: boolean;
}

/**
 * A learned row for each index: indices of any shape give `[…, embeddingDim]`. Rows start normal with variance 1, the padding row with
 * zeros. PyTorch: `torch.nn.Embedding`.
 *
 * @throws ArgumentError if the sizes are not whole numbers from 1 up, `paddingIdx` names no row, or `maxNorm` is not above 0; IndexError,
 *   when it is computed, for an index that names no row.
 * @example new Embedding(1000, 64, { paddingIdx: 0 })(tokens)
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  /** The row that padding stands for, counted from the front, or `null`. */
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  /** `[numEmbeddings, embeddingDim]`. */
  readonly weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingModuleOptions = {}) {
    super();
    checkInteger('Embedding', 'numEmbeddings', numEmbeddings, 1);
    checkInteger('Embedding', 'embeddingDim', embeddingDim, 1);
    checkTableOptions('Embedding', options);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingRow(options.paddingIdx ?? null, numEmbeddings);
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    this.weight = embeddingTable('Embedding', numEmbeddings, embeddingDim, this.paddingIdx, options);
  }

  /**
   * A layer with given rows, frozen unless `freeze` is `false`. PyTorch: `torch.nn.Embedding.from_pretrained`.
   *
   * @throws ShapeError, DTypeError unless the rows are floats `[numEmbeddings, embeddingDim]`.
   * @example Embedding.fromPretrained(vectors, { paddingIdx: 0 })
   */
  static fromPretrained(embeddings: Tensor, options: PretrainedEmbeddingOptions = {}): Embedding {
    const { freeze = true, ...rest } = options;
    const [rows, width] = tableSize('Embedding.fromPretrained', embeddings);
    return new Embedding(rows, width, { ...rest, weight: embeddings }).requiresGrad(!freeze);
  }

  override forward(indices: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return embedding(indices, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    const parts = [`${numEmbeddings}`, `${embeddingDim}`];
    if (paddingIdx !== null) parts.push(`padding_idx=${paddingIdx}`);
    if (maxNorm !== null) parts.push(`max_norm=${float(maxNorm)}`);
    if (normType !== 2) parts.push(`norm_type=${float(normType)}`);
    if (scaleGradByFreq) parts.push(`scale_grad_by_freq=${bool(scaleGradByFreq)}`);
    return parts.join(', ');
  }
}
