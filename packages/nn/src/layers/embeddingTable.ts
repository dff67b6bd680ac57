import { arange, randn, ShapeError, type Tensor, where } from '@dl/tensor';
import { checkFloating, checkTensor, formatShape } from '@dl/tensor/internal';
import { checkSize } from '../functional/checks.ts';
import { Parameter } from '../parameter.ts';
import type { FloatingOptions } from './options.ts';

/** How the rows of a table start. */
export interface TableModuleOptions extends FloatingOptions {
  /** The first rows, `[numEmbeddings, embeddingDim]`; default: normal ones, with zeros for padding. */
  readonly weight?: Tensor;
}

/** The rows of an embedding as a parameter. */
export function embeddingTable(
  caller: string,
  rows: number,
  width: number,
  padding: number | null,
  options: TableModuleOptions,
): Parameter {
  const { weight, dtype = 'float32' } = options;
  if (weight === undefined) return new Parameter(randomRows(rows, width, padding, dtype));
  checkTensor(caller, 'weight', weight);
  checkSize(caller, 'weight', weight, [rows, width]);
  return new Parameter(weight);
}

/** The size of rows that are given. @throws ShapeError, DTypeError if they are no rows of floats. */
export function tableSize(caller: string, embeddings: Tensor): readonly [rows: number, width: number] {
  checkTensor(caller, 'embeddings', embeddings);
  checkFloating(caller, 'embeddings', embeddings);
  if (embeddings.ndim !== 2) throw new ShapeError(`${caller}: embeddings must be [rows, width]; got ${formatShape(embeddings.shape)}`);
  return [embeddings.size(0), embeddings.size(1)];
}

function randomRows(rows: number, width: number, padding: number | null, dtype: 'float32' | 'float64'): Tensor {
  const numbers = randn([rows, width], { dtype });
  if (padding === null) return numbers;
  return where(arange(rows, { dtype: 'int32' }).eq(padding).unsqueeze(1), 0, numbers);
}
