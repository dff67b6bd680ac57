import type { Shape, TensorSpec } from '@dl/tensor';
import { type IndexCheck, type IndexingPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, output, type Place, temporary } from './table.ts';
import { aroundDim, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

/** Kernels never read out of range: a bad index takes the nearest good one, and the check that ran before says so. */
const clampIndex = 'let place = index[indexAt];\nif (place >= limit) { place = limit - 1; }\nif (!(place >= 0.0)) { place = 0.0; }';

export const indexingKernels: KernelTable<keyof IndexingPrimitives> = {
  gather: ({ inputs: [x, index], params: { dim } }) => {
    const strides = stridesOf(x.shape);
    const walk = walkOf(index.shape, [strides.map((stride, i) => (i === dim ? 0 : stride))]);
    const numbers = [...walkNumbers(walk), x.shape[dim] ?? 1, strides[dim] ?? 1];
    return [
      { program: gatherProgram(walk.sizes.length), size: sizeOf(index.shape), arrays: [input(0), input(1)], numbers, target: output(0) },
    ];
  },
  scatter: ({ inputs, params: { dim } }) => [scattered('scatter', 'total = source[from];', inputs, dim)],
  scatterAdd: ({ inputs, params: { dim } }) => [scattered('scatterAdd', 'total = total + source[from];', inputs, dim)],
  indexSelect: ({ inputs: [x, index], outputs: [target], params: { dim } }) => {
    const { length, inner } = aroundDim(x.shape, dim);
    const numbers = [length, inner, sizeOf(index.shape)];
    return [{ program: selectProgram, size: sizeOf(target.shape), arrays: [input(0), input(1)], numbers, target: output(0) }];
  },
  indexAdd: ({ inputs: [x, index], params: { dim } }) => {
    const { length, inner } = aroundDim(x.shape, dim);
    const numbers = [length, inner, sizeOf(index.shape)];
    return [{ program: indexAddProgram, size: sizeOf(x.shape), arrays: [input(0), input(1), input(2)], numbers, target: output(0) }];
  },
  sort: ({ inputs: [x], params: { dim, descending } }) => {
    const size = sizeOf(x.shape);
    const { length, inner } = aroundDim(x.shape, dim);
    const along = (program: Program, arrays: readonly Place[], target: Place): KernelLaunch => ({
      program,
      size,
      arrays,
      numbers: [length, inner],
      target,
    });
    return [
      along(rankProgram(descending), [input(0)], temporary(0)),
      along(inverseProgram, [temporary(0)], output(1)),
      along(pickProgram, [input(0), output(1)], output(0)),
    ];
  },
};

/** How many indices of each stretch of 1024 are bad: the host adds up. */
export function invalidIndices(size: number, { limit, ignored }: IndexCheck): KernelLaunch {
  const numbers = [size, limit, ignored ?? -1, ignored === null ? 0 : 1];
  return { program: invalidProgram, size: Math.ceil(size / 1024), arrays: [input(0)], numbers, target: temporary(0) };
}

const invalidProgram: Program = {
  key: 'invalidIndices',
  arrays: ['index'],
  integers: ['size', 'limit', 'ignored', 'ignores'],
  floats: [],
  body: `const first = this.thread.x * 1024;
    let bad = 0.0;
    for (let i = 0; i < 1024; i++) {
      const position = first + i;
      if (position < size) {
        const value = index[position];
        if (!(value >= 0.0 && value < limit)) { if (ignores === 0 || value !== ignored) { bad = bad + 1.0; } }
      }
    }
    return bad;`,
};

function gatherProgram(rank: number): Program {
  return {
    key: `gather/${rank}`,
    arrays: ['data', 'index'],
    integers: [...walkNames('at', rank, ['X']), 'limit', 'stride'],
    floats: [],
    body: [
      'const indexAt = this.thread.x;',
      walkCode('at', rank, ['X'], 'indexAt'),
      clampIndex,
      'return data[atXAt + place * stride];',
    ].join('\n'),
  };
}

/**
 * A gather in disguise: every element of `x` looks through the indices of its line for those that name it.
 * Index and source may be shorter than `x` in the other dims.
 */
function scattered(
  name: string,
  take: string,
  [x, index, source]: readonly [TensorSpec, TensorSpec, TensorSpec],
  dim: number,
): KernelLaunch {
  const shape = x.shape.length === 0 ? [1] : x.shape;
  const perDim = shape.map((size, d) => [size, at(index.shape, d), at(stridesOf(index.shape), d), at(stridesOf(source.shape), d)]);
  return {
    program: scatterProgram(name, take, shape.length, dim),
    size: sizeOf(shape),
    arrays: [input(0), input(1), input(2)],
    numbers: perDim.flat(),
    target: output(0),
  };
}

const at = (sizes: Shape, dim: number): number => sizes[dim] ?? 1;

function scatterProgram(name: string, take: string, rank: number, dim: number): Program {
  const dims = Array.from({ length: rank }, (_, d) => d);
  const body = ['const element = this.thread.x;', 'let rest = element;', 'let inside = 1.0;', 'let indexAt = 0.0;', 'let sourceAt = 0.0;'];
  for (const d of dims.toReversed()) {
    body.push(`const above${d} = idiv(rest, size${d});`, `const here${d} = rest - above${d} * size${d};`, `rest = above${d};`);
    if (d === dim) continue;
    body.push(`if (here${d} >= reach${d}) { inside = 0.0; }`);
    body.push(`indexAt = indexAt + here${d} * indexStride${d};`, `sourceAt = sourceAt + here${d} * sourceStride${d};`);
  }
  body.push(`let total = data[element];
    if (inside > 0.5) {
      for (let i = 0; i < reach${dim}; i++) {
        if (index[indexAt + i * indexStride${dim}] === here${dim}) {
          const from = sourceAt + i * sourceStride${dim};
          ${take}
        }
      }
    }
    return total;`);
  const integers = dims.flatMap((d) => ['size', 'reach', 'indexStride', 'sourceStride'].map((word) => `${word}${d}`));
  return { key: `${name}/${rank}/${dim}`, arrays: ['data', 'index', 'source'], integers, floats: [], body: body.join('\n') };
}

const selectProgram: Program = {
  key: 'indexSelect',
  arrays: ['data', 'index'],
  integers: ['limit', 'inner', 'count'],
  floats: [],
  body: `const element = this.thread.x;
    const row = idiv(element, inner);
    const block = idiv(row, count);
    const indexAt = row - block * count;
    ${clampIndex}
    return data[(block * limit + place) * inner + element - row * inner];`,
};

const indexAddProgram: Program = {
  key: 'indexAdd',
  arrays: ['data', 'index', 'source'],
  integers: ['length', 'inner', 'count'],
  floats: [],
  body: `const element = this.thread.x;
    const row = idiv(element, inner);
    const block = idiv(row, length);
    const along = row - block * length;
    const within = element - row * inner;
    let total = data[element];
    for (let i = 0; i < count; i++) {
      if (index[i] === along) { total = total + source[(block * count + i) * inner + within]; }
    }
    return total;`,
};

const alongDim = `const element = this.thread.x;
    const row = idiv(element, inner);
    const block = idiv(row, length);
    const along = row - block * length;
    const base = block * length * inner + element - row * inner;`;

/** How many of its line come before each element: those that are less, and equals to the left. NaN is the greatest. */
function rankProgram(descending: boolean): Program {
  const isBefore = descending
    ? '(isNan(other) > 0.5 && isNan(own) < 0.5) || other > own'
    : '(isNan(own) > 0.5 && isNan(other) < 0.5) || other < own';
  return {
    key: `rank/${descending}`,
    arrays: ['data'],
    integers: ['length', 'inner'],
    floats: [],
    body: `${alongDim}
      const own = data[element];
      let rank = 0.0;
      for (let i = 0; i < length; i++) {
        const other = data[base + i * inner];
        if (${isBefore}) { rank = rank + 1.0; }
        else { if (i < along && (other === own || (isNan(other) > 0.5 && isNan(own) > 0.5))) { rank = rank + 1.0; } }
      }
      return rank;`,
  };
}

/** Where the element of each rank stands. */
const inverseProgram: Program = {
  key: 'rankInverse',
  arrays: ['ranks'],
  integers: ['length', 'inner'],
  floats: [],
  body: `${alongDim}
    let place = 0.0;
    for (let i = 0; i < length; i++) {
      if (ranks[base + i * inner] === along) { place = i; }
    }
    return place;`,
};

const pickProgram: Program = {
  key: 'pick',
  arrays: ['data', 'places'],
  integers: ['length', 'inner'],
  floats: [],
  body: `${alongDim}
    return data[base + places[element] * inner];`,
};
