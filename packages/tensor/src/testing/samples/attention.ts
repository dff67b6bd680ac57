import type { AttentionPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { given, noise } from '../make.ts';

const infinity = Number.POSITIVE_INFINITY;

/** Sums of exponentials of sums of products. */
const summed = { tolerance: 1e-5 } as const;

interface Case {
  readonly title: string;
  /** Leading dims, T, S, D, and the width of values if it is another. */
  readonly sizes: readonly [leading: Shape, rows: number, columns: number, width: number, valueWidth?: number];
  readonly causal?: boolean;
  readonly p?: number;
  readonly offset?: number;
  readonly scale?: number;
  readonly mask?: SampleInput;
  readonly dtype?: 'float32' | 'float64';
  readonly large?: boolean;
}

/** Every third key hidden, and a whole row. */
function holes(rows: number, columns: number, emptyRow = 1): SampleInput {
  const hidden = (i: number) => Math.floor(i / columns) === emptyRow || i % 3 === 2;
  return given(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => (hidden(i) ? -infinity : (i % 5) / 4)),
  );
}

const cases: readonly [Case, ...Case[]] = [
  { title: 'one head', sizes: [[], 3, 4, 2] },
  { title: 'a batch of heads', sizes: [[2, 2], 3, 2, 2] },
  { title: 'values of another width', sizes: [[2], 2, 3, 2, 3] },
  { title: 'causal', sizes: [[2], 3, 3, 2], causal: true },
  { title: 'causal, fewer keys than queries', sizes: [[], 4, 2, 2], causal: true },
  { title: 'causal, more keys than queries', sizes: [[], 2, 4, 2], causal: true },
  { title: 'a mask', sizes: [[2], 3, 2, 2], mask: noise([2, 3, 2], { seed: 9 }) },
  { title: 'a mask that is broadcast', sizes: [[2, 2], 2, 3, 2], mask: noise([2, 1, 1, 3], { seed: 9 }) },
  { title: 'a mask and causal', sizes: [[], 3, 3, 2], mask: noise([3, 1], { seed: 9 }), causal: true },
  { title: 'hidden keys', sizes: [[2], 3, 4, 2], mask: holes(3, 4, -1) },
  { title: 'a row that sees nothing', sizes: [[2], 3, 4, 2], mask: holes(3, 4) },
  { title: 'dropout', sizes: [[2], 3, 4, 2], p: 0.3 },
  { title: 'dropout of everything', sizes: [[], 2, 3, 2], p: 1 },
  { title: 'no dropout after all', sizes: [[], 2, 3, 2], p: 0 },
  { title: 'another scale', sizes: [[], 2, 3, 2], scale: -1.5 },
  { title: 'one query, one key', sizes: [[3], 1, 1, 2] },
  { title: 'no keys', sizes: [[2], 3, 0, 2] },
  { title: 'no queries', sizes: [[2], 0, 3, 2] },
  { title: 'no heads', sizes: [[0], 2, 3, 2] },
  { title: 'no width: all keys count alike', sizes: [[], 2, 3, 0, 2] },
  { title: 'sizes that no block divides', sizes: [[3], 37, 53, 19], large: true },
  { title: 'sizes that no block divides, causal', sizes: [[2], 75, 70, 33, 35], large: true, causal: true },
  { title: 'many blocks, causal, dropout, a mask', sizes: [[2], 130, 141, 8], large: true, causal: true, p: 0.3, mask: noise([130, 141]) },
  { title: 'a wide head, dropout', sizes: [[], 20, 90, 130], large: true, p: 0.5, offset: 7 },
  { title: 'one query to many keys', sizes: [[2, 2], 1, 300, 16], large: true, mask: noise([2, 1, 1, 300]) },
  { title: 'long rows hidden in part', sizes: [[2], 70, 200, 16], large: true, mask: holes(70, 200) },
  { title: 'float64', sizes: [[2], 2, 3, 2], dtype: 'float64', large: true },
  {
    title: 'float64, causal, dropout, a mask',
    sizes: [[2], 9, 7, 5],
    dtype: 'float64',
    causal: true,
    p: 0.3,
    mask: noise([9, 7]),
    large: true,
  },
];

export const attentionSamples: SampleTable<keyof AttentionPrimitives> = {
  attention: samplesOf((sizes) => ({
    inputs: [noiseOf(sizes, 'query', 1), noiseOf(sizes, 'key', 2), noiseOf(sizes, 'value', 3), ...maskOf(sizes)],
    // A logSumExp of minus infinity has no slope.
    differentiable: hasEmptyRow(sizes) || sizes.sizes[2] === 0 ? [] : [0, 1, 2],
  })),
  attentionGradient: samplesOf((sizes) => {
    const inputs = [
      noiseOf(sizes, 'output', 4),
      noiseOf(sizes, 'query', 1),
      noiseOf(sizes, 'key', 2),
      noiseOf(sizes, 'value', 3),
      noiseOf(sizes, 'output', 5),
      logSumExpOf(sizes),
      ...maskOf(sizes),
    ] as const;
    return { inputs, differentiable: [0, 1, 2, 3, 4, ...(hasEmptyRow(sizes) ? [] : [5])] };
  }),
};

type Described<N extends keyof AttentionPrimitives> = Pick<Sample<N>, 'inputs'> & { readonly differentiable: readonly number[] };

function samplesOf<N extends keyof AttentionPrimitives>(describe: (sizes: Case) => Described<N>): readonly [Sample<N>, ...Sample<N>[]] {
  const sampleOf = (sizes: Case) => {
    const { title, causal = false, p, offset = 0, large = false } = sizes;
    // No score of a large case is beyond 4, lest a given logSumExp make weights that are.
    const { scale = large ? 4 / sizes.sizes[3] : 0.7 } = sizes;
    const { inputs, differentiable } = describe(sizes);
    const params = { causal, dropout: p !== undefined };
    const scalars = [scale, p ?? 0, 123456789, 4000000000, 0, offset];
    // Params and scalars are those of both primitives; the compiler cannot follow the correlation.
    return { title, inputs, params, scalars, differentiable: large ? [] : differentiable, ...summed } as Sample<N>;
  };
  const [first, ...rest] = cases;
  return [sampleOf(first), ...rest.map(sampleOf)];
}

type Operand = 'query' | 'key' | 'value' | 'output';

function noiseOf(
  { sizes: [leading, rows, columns, width, valueWidth = width], dtype, large }: Case,
  operand: Operand,
  seed: number,
): SampleInput {
  const shapes = { query: [rows, width], key: [columns, width], value: [columns, valueWidth], output: [rows, valueWidth] };
  return noise([...leading, ...shapes[operand]], { dtype: dtype ?? 'float32', seed, ...(large ? { least: -1, most: 1 } : {}) });
}

function maskOf({ mask, dtype }: Case): readonly SampleInput[] {
  return mask === undefined ? [] : [{ ...mask, dtype: dtype ?? 'float32' }];
}

/** Minus infinity for a row that sees nothing. */
function logSumExpOf(sizes: Case): SampleInput {
  const [leading, rows] = sizes.sizes;
  const numbers = noise([...leading, rows], { least: 2, most: 4, seed: 6, dtype: sizes.dtype ?? 'float32' });
  return hasEmptyRow(sizes) ? { ...numbers, data: numbers.data.map((x, i) => (i % rows === 1 ? -infinity : x)) } : numbers;
}

function hasEmptyRow({ mask, sizes: [, , columns] }: Case): boolean {
  const second = mask?.data.slice(columns, 2 * columns) ?? [];
  return second.length > 0 && second.every((x) => x === -infinity);
}
