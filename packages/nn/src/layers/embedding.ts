import { arange, randn, type Tensor, where } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { type EmbeddingOptions, embedding, paddingRow } from '../functional/embedding.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import type { FloatingOptions } from './options.ts';

/**
 * A learned row for each index: indices of any shape give `[…, embeddingDim]`. Rows start normal with variance 1, the padding row with
 * zeros. PyTorch: `torch.nn.Embedding`.
 *
 * @throws ArgumentError if the sizes are not whole numbers from 1 up, or `paddingIdx` names no row; IndexError, when it is computed, for an
 *   index that names no row.
 * @example new Embedding(1000, 64, { paddingIdx: 0 })(tokens)
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  /** The row that padding stands for, counted from the front, or `null`. */
  readonly paddingIdx: number | null;
  /** `[numEmbeddings, embeddingDim]`. */
  readonly weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions & FloatingOptions = {}) {
    super();
    checkInteger('Embedding', 'numEmbeddings', numEmbeddings, 1);
    checkInteger('Embedding', 'embeddingDim', embeddingDim, 1);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingRow(options.paddingIdx ?? null, numEmbeddings);
    this.weight = new Parameter(this.#rows(options.dtype ?? 'float32'));
  }

  override forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, { paddingIdx: this.paddingIdx });
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? '' : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }

  #rows(dtype: 'float32' | 'float64'): Tensor {
    const rows = randn([this.numEmbeddings, this.embeddingDim], { dtype });
    if (this.paddingIdx === null) return rows;
    return where(arange(this.numEmbeddings, { dtype: 'int32' }).eq(this.paddingIdx).unsqueeze(1), 0, rows);
  }
}
