import type { Shape, TensorSpec } from '@dl/tensor';
import { type ReductionPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, type Launch, output, type Place, temporary } from './table.ts';
import { aroundDim, type Walk, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

/**
 * How values are folded: statements that take `value` into `total`. A reduction of more than `longest` values is cut into pieces of
 * `pieceLength`, each folded by a thread of its own, and the results are folded again: errors stay small, and threads busy.
 */
interface Fold {
  readonly name: string;
  /** The fold of nothing; `null` where there is none, and the first value stands in. */
  readonly start: number | null;
  readonly code: string;
}

const longest = 512;
const pieceLength = 256;

const folds = {
  sum: { name: 'sum', start: 0, code: 'total = total + value;' },
  prod: { name: 'prod', start: 1, code: 'total = total * value;' },
  amax: { name: 'amax', start: null, code: 'if (value > total || isNan(value) > 0.5) { total = value; }' },
  amin: { name: 'amin', start: null, code: 'if (value < total || isNan(value) > 0.5) { total = value; }' },
} as const satisfies Record<string, Fold>;

type OneInput = { readonly inputs: readonly [TensorSpec]; readonly params: { readonly dims: readonly number[] } };

const reduction =
  (fold: Fold) =>
  ({ inputs: [x], params: { dims } }: OneInput): readonly Launch[] => {
    const { kept, reduced } = splitDims(x.shape, dims);
    return folded(fold, kept, reduced, { array: input(0), target: output(0), temporary: 0 });
  };

export const reductionKernels: KernelTable<keyof ReductionPrimitives> = {
  sum: reduction(folds.sum),
  prod: reduction(folds.prod),
  amax: reduction(folds.amax),
  amin: reduction(folds.amin),
  argmax: ({ inputs: [x], params: { dim } }) => extremum('argmax', '>', x.shape, dim),
  argmin: ({ inputs: [x], params: { dim } }) => extremum('argmin', '<', x.shape, dim),
  cumsum: ({ inputs: [x], params: { dim } }) => runningSum(x.shape, dim),
};

/** Dims that stay, and dims that go, with their strides in the input. */
interface Part {
  readonly size: number;
  readonly walk: Walk;
}

function splitDims(shape: Shape, dims: readonly number[]): { readonly kept: Part; readonly reduced: Part } {
  const strides = stridesOf(shape);
  const part = (wanted: boolean): Part => {
    const own = shape.map((_, dim) => dim).filter((dim) => dims.includes(dim) === wanted);
    const sizes = own.map((dim) => shape[dim] ?? 1);
    return { size: sizeOf(sizes), walk: walkOf(sizes, [own.map((dim) => strides[dim] ?? 0)]) };
  };
  return { kept: part(false), reduced: part(true) };
}

interface Ends {
  readonly array: Place;
  readonly target: Place;
  /** The first number that is free for a temporary. */
  readonly temporary: number;
}

function folded(fold: Fold, kept: Part, reduced: Part, ends: Ends): readonly Launch[] {
  if (reduced.size <= longest) return [foldLaunch(fold, kept, reduced, 1, Math.max(reduced.size, 1), ends.array, ends.target)];
  const pieces = Math.ceil(reduced.size / pieceLength);
  const results = temporary(ends.temporary);
  const first = foldLaunch(fold, kept, reduced, pieces, pieceLength, ends.array, results);
  const rest = folded(fold, rows(kept.size, pieces), rows(pieces, 1), {
    array: results,
    target: ends.target,
    temporary: ends.temporary + 1,
  });
  return [first, ...rest];
}

/** `size` elements, one every `stride`. */
function rows(size: number, stride: number): Part {
  return { size, walk: { sizes: [size], strides: [[stride]] } };
}

/** Piece p of result r: the fold of `length` values from the p-th on, as far as there are any. */
function foldLaunch(fold: Fold, kept: Part, reduced: Part, pieces: number, length: number, array: Place, target: Place): KernelLaunch {
  return {
    program: foldProgram(fold, kept.walk.sizes.length, reduced.walk.sizes.length),
    size: kept.size * pieces,
    arrays: [array],
    numbers: [...walkNumbers(kept.walk), ...walkNumbers(reduced.walk), pieces, length, reduced.size],
    target,
  };
}

function foldProgram({ name, start, code }: Fold, keptRank: number, reducedRank: number): Program {
  return {
    key: `${name}/${keptRank}/${reducedRank}`,
    arrays: ['data'],
    integers: [...walkNames('kept', keptRank, ['X']), ...walkNames('gone', reducedRank, ['X']), 'pieces', 'length', 'size'],
    floats: [],
    body: [
      'const element = this.thread.x;',
      'const result = idiv(element, pieces);',
      'const first = (element - result * pieces) * length;',
      walkCode('kept', keptRank, ['X'], 'result'),
      start === null ? firstValue(reducedRank) : `let total = ${start}.0;`,
      `for (let i = 0; i < length; i++) {
        const position = first + i;
        if (position < size) {
          ${walkCode('gone', reducedRank, ['X'], 'position')}
          const value = data[keptXAt + goneXAt];
          ${code}
        }
      }`,
      'return total;',
    ].join('\n'),
  };
}

function firstValue(reducedRank: number): string {
  return `${walkCode('gone', reducedRank, ['X'], 'first').replace(/\bgone(Rest|Dim|XAt)/g, 'first$1')}\nlet total = data[keptXAt + firstXAt];`;
}

/** The position of the greatest or least value along a dim: the first of equals, and NaN before all. In pieces, as a fold. */
function extremum(name: string, sign: '<' | '>', shape: Shape, dim: number): readonly Launch[] {
  const { outer, length, inner } = aroundDim(shape, dim);
  const pieces = length <= longest ? 1 : Math.ceil(length / pieceLength);
  const numbers = [length, inner, pieces, pieces === 1 ? length : pieceLength];
  const candidates = pieces === 1 ? output(0) : temporary(0);
  const search: KernelLaunch = {
    program: searchProgram(name, sign),
    size: outer * inner * pieces,
    arrays: [input(0)],
    numbers,
    target: candidates,
  };
  if (pieces === 1) return [search];
  return [
    search,
    {
      program: finalProgram(name, sign),
      size: outer * inner,
      arrays: [input(0), candidates],
      numbers: [length, inner, pieces],
      target: output(0),
    },
  ];
}

const isBetter = (sign: '<' | '>'): string => `(value ${sign} best || isNan(value) > 0.5) && isNan(best) < 0.5`;

function searchProgram(name: string, sign: '<' | '>'): Program {
  return {
    key: `${name}-search`,
    arrays: ['data'],
    integers: ['length', 'inner', 'pieces', 'pieceLength'],
    floats: [],
    body: `const element = this.thread.x;
      const result = idiv(element, pieces);
      const first = (element - result * pieces) * pieceLength;
      const block = idiv(result, inner);
      const base = block * length * inner + result - block * inner;
      let best = data[base + first * inner];
      let place = first;
      for (let i = 0; i < pieceLength; i++) {
        const position = first + i;
        if (position < length) {
          const value = data[base + position * inner];
          if (${isBetter(sign)}) { best = value; place = position; }
        }
      }
      return place;`,
  };
}

function finalProgram(name: string, sign: '<' | '>'): Program {
  return {
    key: `${name}-final`,
    arrays: ['data', 'candidates'],
    integers: ['length', 'inner', 'pieces'],
    floats: [],
    body: `const result = this.thread.x;
      const block = idiv(result, inner);
      const base = block * length * inner + result - block * inner;
      let place = candidates[result * pieces];
      let best = data[base + place * inner];
      for (let i = 1; i < pieces; i++) {
        const position = candidates[result * pieces + i];
        const value = data[base + position * inner];
        if (${isBetter(sign)}) { best = value; place = position; }
      }
      return place;`,
  };
}

/** The sums of whole pieces first; then each element adds the pieces before its own and what comes before it there. */
function runningSum(shape: Shape, dim: number): readonly Launch[] {
  const { length, inner } = aroundDim(shape, dim);
  const piece = Math.max(1, Math.ceil(Math.sqrt(length)));
  const pieces = Math.max(1, Math.ceil(length / piece));
  const { kept, reduced } = splitDims(shape, [dim]);
  return [
    foldLaunch(folds.sum, kept, reduced, pieces, piece, input(0), temporary(0)),
    {
      program: runningSumProgram,
      size: sizeOf(shape),
      arrays: [input(0), temporary(0)],
      numbers: [length, inner, pieces, piece],
      target: output(0),
    },
  ];
}

const runningSumProgram: Program = {
  key: 'cumsum',
  arrays: ['data', 'sums'],
  integers: ['length', 'inner', 'pieces', 'piece'],
  floats: [],
  body: `const element = this.thread.x;
    const row = idiv(element, inner);
    const block = idiv(row, length);
    const along = row - block * length;
    const within = element - row * inner;
    const own = idiv(along, piece);
    const result = block * inner + within;
    let total = 0.0;
    for (let i = 0; i < own; i++) { total = total + sums[result * pieces + i]; }
    const first = own * piece;
    const base = block * length * inner + within;
    for (let j = 0; j < piece; j++) {
      const position = first + j;
      if (position <= along) { total = total + data[base + position * inner]; }
    }
    return total;`,
};
