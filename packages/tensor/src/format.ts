import type { DType } from './dtype.ts';
import { boolFormatter, floatFormatter, integerFormatter, type NumberFormatter } from './formatNumber.ts';
import { type Shape, sizeOf, stridesOf } from './shape.ts';

/** How tensors are printed. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  readonly precision: number;
  /** The number of elements above which only the edges are printed. Default 1000. */
  readonly threshold: number;
  /** How many elements of each edge are printed then. Default 3. */
  readonly edgeItems: number;
  /** Where lines are broken. Default 80. */
  readonly lineWidth: number;
}

export const defaultPrintOptions: PrintOptions = { precision: 4, threshold: 1000, edgeItems: 3, lineWidth: 80 };

const formatters: Readonly<Record<DType, (values: readonly number[], precision: number) => NumberFormatter>> = {
  float32: floatFormatter,
  float64: floatFormatter,
  int32: integerFormatter,
  uint8: integerFormatter,
  bool: boolFormatter,
};

/**
 * The text of a tensor with these elements, in row-major order: PyTorch's `repr`, with dtypes by their bare names.
 *
 * @example formatTensor([1, 2.5], [2], 'float32') // 'tensor([1.0000, 2.5000])'
 */
export function formatTensor(
  data: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  options: PrintOptions = defaultPrintOptions,
  notes: readonly string[] = [],
): string {
  const suffixes = [...suffixesOf(shape, dtype), ...notes];
  const contents = sizeOf(shape) === 0 ? '[]' : elementsText(data, shape, dtype, options);
  return withSuffixes(`${prefix}${contents}`, suffixes, options.lineWidth);
}

const prefix = 'tensor(';

/** What the elements do not tell. */
function suffixesOf(shape: Shape, dtype: DType): string[] {
  const isEmpty = sizeOf(shape) === 0;
  const size = isEmpty && shape.length !== 1 ? [`size=(${shape.join(', ')})`] : [];
  return dtype === 'float32' || (dtype === 'bool' && !isEmpty) ? size : [...size, `dtype=${dtype}`];
}

function withSuffixes(text: string, suffixes: readonly string[], lineWidth: number): string {
  let result = text;
  let used = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    const fits = used + suffix.length + 2 <= lineWidth;
    result += fits ? `, ${suffix}` : `,\n${' '.repeat(prefix.length)}${suffix}`;
    used = suffix.length + (fits ? used + 2 : prefix.length);
  }
  return `${result})`;
}

/** What all levels of nesting share. */
interface Layout {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
  readonly strides: readonly number[];
  /** How many to print at each edge; infinity for all. */
  readonly edge: number;
  readonly lineWidth: number;
}

function elementsText(
  data: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  { precision, threshold, edgeItems, lineWidth }: PrintOptions,
): string {
  const edge = sizeOf(shape) > threshold ? edgeItems : Number.POSITIVE_INFINITY;
  const layout = { data, shape, strides: stridesOf(shape), edge, lineWidth };
  const format = formatters[dtype](shownValues(layout, 0, 0), precision);
  return nested(layout, 0, 0, format);
}

/** The indices of a dim that are printed; `null` stands for those between. */
function shownIndices({ shape, edge }: Layout, dim: number): (number | null)[] {
  const size = shape[dim] ?? 1;
  if (size <= 2 * edge) return Array.from({ length: size }, (_, i) => i);
  const first = Array.from({ length: edge }, (_, i) => i);
  return [...first, null, ...first.map((i) => size - edge + i)];
}

function shownValues(layout: Layout, dim: number, offset: number): number[] {
  if (dim === layout.shape.length) return [layout.data[offset] ?? Number.NaN];
  const stride = layout.strides[dim] ?? 1;
  return shownIndices(layout, dim).flatMap((i) => (i === null ? [] : shownValues(layout, dim + 1, offset + i * stride)));
}

function nested(layout: Layout, dim: number, offset: number, format: NumberFormatter): string {
  const left = layout.shape.length - dim;
  if (left === 0) return format.write(layout.data[offset] ?? Number.NaN);
  if (left === 1) return vector(layout, dim, offset, format);
  const stride = layout.strides[dim] ?? 1;
  const parts = shownIndices(layout, dim).map((i) => (i === null ? '...' : nested(layout, dim + 1, offset + i * stride, format)));
  return `[${parts.join(`,${'\n'.repeat(left - 1)}${indentAt(dim)}`)}]`;
}

/** The innermost dim, broken into lines of as many elements as fit. */
function vector(layout: Layout, dim: number, offset: number, format: NumberFormatter): string {
  const parts = shownIndices(layout, dim).map((i) => (i === null ? ' ...' : format.write(layout.data[offset + i] ?? Number.NaN)));
  const perLine = Math.max(1, Math.floor((layout.lineWidth - prefix.length - dim) / (format.width + 2)));
  const lines = Array.from({ length: Math.ceil(parts.length / perLine) }, (_, i) => parts.slice(i * perLine, (i + 1) * perLine).join(', '));
  return `[${lines.join(`,\n${indentAt(dim)}`)}]`;
}

function indentAt(dim: number): string {
  return ' '.repeat(prefix.length + dim + 1);
}
