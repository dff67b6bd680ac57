import type { TensorSpec } from '@dl/tensor';
import { type MovementPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import { maxArrays, type Program } from './program.ts';
import {
  input,
  type KernelLaunch,
  type KernelTable,
  type Launch,
  output,
  type Place,
  type RunNumber,
  type SiteInput,
  temporary,
} from './table.ts';
import { aroundDim, broadcastStrides, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

const same = (): readonly Launch[] => [{ same: input(0), target: output(0) }];

export const movementKernels: KernelTable<keyof MovementPrimitives> = {
  reshape: same,
  detach: same,
  permute: ({ inputs: [x], outputs: [target], params: { dims } }) => {
    const strides = stridesOf(x.shape);
    return rearranged(
      x,
      target,
      dims.map((dim) => strides[dim] ?? 0),
      0,
    );
  },
  expand: ({ inputs: [x], outputs: [target] }) => rearranged(x, target, broadcastStrides(x.shape, target.shape), 0),
  slice: ({ inputs: [x], outputs: [target], params: { steps } }) => {
    const strides = stridesOf(x.shape);
    const start = (starts: readonly number[]) => strides.reduce((sum, stride, dim) => sum + stride * (starts[dim] ?? 0), 0);
    return rearranged(
      x,
      target,
      strides.map((stride, dim) => stride * (steps[dim] ?? 1)),
      start,
    );
  },
  pad: ({ inputs: [x], outputs: [target], params: { steps } }) => [padded(x, target, steps)],
  cat: ({ inputs, outputs: [target], params: { dim } }) => {
    const { inner } = aroundDim(target.shape, dim);
    const pieces = inputs
      .map(({ shape }, i): Piece => ({ place: input(i), width: (shape[dim] ?? 1) * inner }))
      .filter(({ width }) => width > 0);
    return joined(pieces, sizeOf(target.shape));
  },
};

/** Elements of `x`, from `start` on, each dim of the target with a stride of its own. */
function rearranged(x: SiteInput, target: TensorSpec, strides: readonly number[], start: RunNumber): readonly Launch[] {
  const size = sizeOf(target.shape);
  if (x.constant) return [{ fill: { constantInput: 0 }, size, target: output(0) }];
  const walk = walkOf(target.shape, [strides]);
  if (start === 0 && isIdentity(walk.strides[0], walk.sizes) && size === sizeOf(x.shape)) return same();
  const rank = walk.sizes.length;
  return [{ program: copyProgram(rank), size, arrays: [input(0)], numbers: [...walkNumbers(walk), start], target: output(0) }];
}

function isIdentity(strides: readonly number[] = [], sizes: readonly number[]): boolean {
  return strides.length === 1 && (strides[0] === 1 || sizes[0] === 1);
}

function copyProgram(rank: number): Program {
  return {
    key: `copy/${rank}`,
    arrays: ['data'],
    integers: [...walkNames('at', rank, ['X']), 'start'],
    floats: [],
    body: ['const element = this.thread.x;', walkCode('at', rank, ['X'], 'element'), 'return data[start + atXAt];'].join('\n'),
  };
}

/** Element c of a dim is element (c - start) / step of the input's, if that is one, else 0. */
function padded(x: TensorSpec, target: TensorSpec, steps: readonly number[]): KernelLaunch {
  const rank = target.shape.length;
  const strides = stridesOf(x.shape);
  const perDim = target.shape.map((size, dim): RunNumber[] => {
    const step = steps[dim] ?? 1;
    const start: RunNumber = (starts) => starts[dim] ?? 0;
    return [size, start, Math.sign(step) || 1, Math.abs(step) || 1, x.shape[dim] ?? 1, strides[dim] ?? 0];
  });
  return { program: padProgram(rank), size: sizeOf(target.shape), arrays: [input(0)], numbers: perDim.flat(), target: output(0) };
}

function padProgram(rank: number): Program {
  const dims = Array.from({ length: rank }, (_, dim) => dim);
  const body = ['let rest = this.thread.x;', 'let at = 0.0;', 'let inside = 1.0;'];
  for (const dim of dims.toReversed()) {
    body.push(`const above${dim} = idiv(rest, size${dim});
      const away${dim} = (rest - above${dim} * size${dim} - start${dim}) * sign${dim};
      rest = above${dim};
      if (away${dim} < 0.0) { inside = 0.0; }
      else {
        const source${dim} = idiv(away${dim}, step${dim});
        if (source${dim} * step${dim} !== away${dim} || source${dim} >= from${dim}) { inside = 0.0; }
        at = at + source${dim} * stride${dim};
      }`);
  }
  body.push('if (inside > 0.5) { return data[at]; }', 'return 0.0;');
  const integers = dims.flatMap((dim) => ['size', 'start', 'sign', 'step', 'from', 'stride'].map((name) => `${name}${dim}`));
  return { key: `pad/${rank}`, arrays: ['data'], integers, floats: [], body: body.join('\n') };
}

/** One of several tensors side by side: how many elements it has in each row of the result. */
interface Piece {
  readonly place: Place;
  readonly width: number;
}

/** Joins pieces, as many as a kernel can read at once; more of them in rounds. */
function joined(pieces: readonly Piece[], size: number): readonly Launch[] {
  if (size === 0) return [{ fill: 0, size, target: output(0) }];
  const launches: KernelLaunch[] = [];
  const total = pieces.reduce((sum, { width }) => sum + width, 0);
  let round = pieces;
  while (round.length > maxArrays) {
    const groups = Array.from({ length: Math.ceil(round.length / maxArrays) }, (_, i) => round.slice(i * maxArrays, (i + 1) * maxArrays));
    round = groups.map((group): Piece => {
      const width = group.reduce((sum, piece) => sum + piece.width, 0);
      const place = temporary(launches.length);
      launches.push(catLaunch(group, (size / total) * width, place));
      return { place, width };
    });
  }
  return [...launches, catLaunch(round, size, output(0))];
}

function catLaunch(pieces: readonly Piece[], size: number, target: Place): KernelLaunch {
  return {
    program: catProgram(pieces.length),
    size,
    arrays: pieces.map(({ place }) => place),
    numbers: pieces.map(({ width }) => width),
    target,
  };
}

function catProgram(count: number): Program {
  const indices = Array.from({ length: count }, (_, i) => i);
  const total = indices.map((i) => `width${i}`).join(' + ');
  const body = [
    'const element = this.thread.x;',
    `const total = ${total};`,
    'const row = idiv(element, total);',
    'let column = element - row * total;',
  ];
  for (const i of indices)
    body.push(`if (column < width${i}) { return data${i}[row * width${i} + column]; }`, `column = column - width${i};`);
  body.push('return 0.0;');
  return {
    key: `cat/${count}`,
    arrays: indices.map((i) => `data${i}`),
    integers: indices.map((i) => `width${i}`),
    floats: [],
    body: body.join('\n'),
  };
}
