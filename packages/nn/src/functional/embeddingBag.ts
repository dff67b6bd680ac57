import { ArgumentError, arange, cat, indexAdd, ones, ShapeError, type Tensor, where, zeros } from '@dl/tensor';
import { checkOneOf, checkTensor, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';
import { paddingRow } from './embedding.ts';
import { checkTable, divideByFrequency, type EmbeddingTableOptions, limitRows, rowsOf } from './embeddingRows.ts';
import { knownNumbers } from './known.ts';
import { segmentMaxima } from './segmentMaxima.ts';

/** What becomes of the rows of a bag. */
export type EmbeddingBagMode = 'sum' | 'mean' | 'max';

/** What `embeddingBag` takes. */
export interface EmbeddingBagOptions extends EmbeddingTableOptions {
  /** Where each bag starts in a vector of indices, the first at 0; int32 or uint8. Not for `[B, n]`. */
  readonly offsets?: Tensor | null;
  /** Default `'mean'`. */
  readonly mode?: EmbeddingBagMode;
  /** A factor for each index, of the indices' shape; for `'sum'` only. */
  readonly perSampleWeights?: Tensor | null;
  /** Whether the last offset is the end of the last bag rather than the start of one more; default `false`. */
  readonly includeLastOffset?: boolean;
  /** The row that padding stands for: it counts nowhere. Negative ones count from the end. Default: none. */
  readonly paddingIdx?: number | null;
}

/**
 * Sums, means or maxima of the rows of each bag, without the rows one by one: indices `[B, n]`, or `[n]` with offsets `[B]`; gives
 * `[B, width]`, zeros for an empty bag. PyTorch: `torch.nn.functional.embedding_bag`.
 *
 * @throws DTypeError, ShapeError if the inputs do not fit; ArgumentError for options that exclude each other, or offsets that do not start at
 *   0 or descend, where they are known; IndexError, when it is computed, for an index that names no row.
 * @example embeddingBag(tokens, weight, { offsets, mode: 'sum' })
 */
export function embeddingBag(indices: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  const { mode = 'mean', perSampleWeights = null } = options;
  checkTable('embeddingBag', indices, weight, options);
  checkBagOptions('embeddingBag', options);
  const [rows = 0] = weight.shape;
  const padding = paddingRow(options.paddingIdx ?? null, rows, 'embeddingBag');
  const flat = indices.int().reshape([indices.numel()]);
  const bags = bagsOf(indices, options);
  if (perSampleWeights !== null) checkFactors(indices, weight, perSampleWeights);
  limitRows(weight, flat, options);
  const found = rowsOf(weight, flat);
  const fair = options.scaleGradByFreq === true ? divideByFrequency(found, flat, rows) : found;
  const scaled = perSampleWeights === null ? fair : fair.mul(perSampleWeights.reshape([flat.numel(), 1]));
  return reduceBags(mode, scaled, bags, padding === null ? null : flat.ne(padding));
}

/** Refuses another mode, and options that exclude each other. */
export function checkBagOptions(
  caller: string,
  { mode = 'mean', perSampleWeights = null, scaleGradByFreq = false }: EmbeddingBagOptions,
): void {
  checkOneOf<string>(caller, 'mode', mode, ['sum', 'mean', 'max']);
  if (perSampleWeights !== null && mode !== 'sum')
    throw new ArgumentError(`${caller}: perSampleWeights are for mode 'sum' only; got mode '${mode}'`);
  if (scaleGradByFreq && mode === 'max')
    throw new ArgumentError(`${caller}: scaleGradByFreq is for modes 'sum' and 'mean' only; got mode 'max'`);
}

// ---------------------------------------------------------------------------------------------------------------------

/** Which bag each index belongs to. */
interface Bags {
  readonly count: number;
  /** `[n]`, ascending. */
  readonly numbers: Tensor;
  /** `[count]`: how many indices come before the end of each bag. */
  readonly ends: Tensor;
}

function bagsOf(indices: Tensor, { offsets = null, includeLastOffset = false }: EmbeddingBagOptions): Bags {
  if (indices.ndim === 2) {
    if (offsets !== null) throw new ArgumentError('embeddingBag: offsets are for a vector of indices; got them with indices [B, n]');
    const [count = 0, length = 0] = indices.shape;
    const starts = arange(count, { dtype: 'int32' });
    return {
      count,
      numbers: starts
        .unsqueeze(1)
        .expand([count, length])
        .reshape([count * length]),
      ends: starts.add(1).mul(length),
    };
  }
  if (indices.ndim !== 1) throw new ShapeError(`embeddingBag: indices must be [B, n] or [n]; got ${formatShape(indices.shape)}`);
  if (offsets === null) throw new ArgumentError('embeddingBag: a vector of indices needs offsets; got none');
  return bagsAt(checkedOffsets(offsets, indices.numel(), includeLastOffset), indices.numel(), includeLastOffset);
}

function bagsAt(offsets: Tensor, length: number, includeLastOffset: boolean): Bags {
  const count = offsets.numel() - (includeLastOffset ? 1 : 0);
  const starts = offsets.narrow(0, 0, count);
  // A one at each start; the sum of those so far is the number of the bag.
  const marks = indexAdd(zeros([length + 1], { dtype: 'int32' }), 0, starts, ones([count], { dtype: 'int32' }));
  const numbers = marks.cumsum({ dim: 0 }).narrow(0, 0, length).sub(1);
  const last = includeLastOffset ? offsets.narrow(0, count, 1) : zeros([1], { dtype: 'int32' }).add(length);
  return { count, numbers, ends: count === 0 ? starts : cat([starts.narrow(0, 1, count - 1), last]) };
}

function checkedOffsets(offsets: Tensor, length: number, includeLastOffset: boolean): Tensor {
  checkTensor('embeddingBag', 'offsets', offsets);
  if ((offsets.dtype !== 'int32' && offsets.dtype !== 'uint8') || offsets.ndim !== 1 || (includeLastOffset && offsets.numel() === 0)) {
    throw new ShapeError(`embeddingBag: offsets must be a vector of int32 or uint8; got ${offsets.dtype} ${formatShape(offsets.shape)}`);
  }
  const known = knownNumbers(offsets);
  const ascending = known?.every((offset, i) => (i === 0 ? offset === 0 : offset >= (known[i - 1] ?? 0)) && offset <= length);
  const ended = !includeLastOffset || known === null || known.at(-1) === length;
  if (ascending === false || !ended)
    throw new ArgumentError(
      `embeddingBag: offsets must ascend from 0 within the ${length} indices${includeLastOffset ? ', to their end' : ''}; got [${known?.join(', ')}]`,
    );
  return offsets.int();
}

function checkFactors(indices: Tensor, weight: Tensor, perSampleWeights: Tensor): void {
  checkInputs('embeddingBag', { weight, perSampleWeights });
  checkSize('embeddingBag', 'perSampleWeights', perSampleWeights, indices.shape);
}

/** @param counts which indices are not padding; `null` for all. */
function reduceBags(mode: EmbeddingBagMode, rows: Tensor, bags: Bags, counts: Tensor | null): Tensor {
  const { count, numbers } = bags;
  const { dtype } = rows;
  const width = rows.size(1);
  const perBag = (values: Tensor): Tensor => indexAdd(zeros([count, values.size(1)], { dtype }), 0, numbers, values);
  const members = (): Tensor => perBag(counts === null ? ones([rows.size(0), 1], { dtype }) : counts.to(dtype).unsqueeze(1));
  if (mode === 'max') {
    const open = counts === null ? rows : where(counts.unsqueeze(1), rows, Number.NEGATIVE_INFINITY);
    return where(members().gt(0), segmentMaxima(open, numbers, bags.ends), zeros([1, width], { dtype }));
  }
  const sums = perBag(counts === null ? rows : where(counts.unsqueeze(1), rows, 0));
  return mode === 'sum' ? sums : sums.div(members().clamp({ min: 1 }));
}
