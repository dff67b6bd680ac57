import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../methods.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { own } from '../evaluation/state.ts';
import { type Shape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { arange, ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { cat, repeat, repeatInterleave, stack, tile } from './joining.ts';
import { expand, flatten, movedim, mT, permute, reshape, squeeze, t, transpose, unflatten, unsqueeze } from './movement.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const shuffledShapes = shapes.chain((shape) =>
  fc
    .shuffledSubarray(
      shape.map((_, i) => i),
      { minLength: shape.length },
    )
    .map((order) => ({ shape, order })),
);

/** Numbers that tell every element apart. */
function numbered(shape: Shape): Tensor {
  return arange(sizeOf(shape)).reshape(shape);
}

describe('movement', () => {
  it('reshape keeps the elements in order, there and back', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const flat = reshape(numbered(shape), [sizeOf(shape)]);
        expect(dataSync(reshape(flat, shape))).toEqual(dataSync(arange(sizeOf(shape))));
      }),
    );
  });

  it('permute moves each element to the permuted place, and its inverse brings it back', () => {
    fc.assert(
      fc.property(shuffledShapes, ({ shape, order }) => {
        const moved = permute(numbered(shape), order);
        const strides = stridesOf(shape);
        const places = eachIndex(moved.shape).map((index) => index.reduce((sum, i, dim) => sum + i * (strides[order[dim] ?? 0] ?? 0), 0));
        expect([...dataSync(moved)]).toEqual(places);
        const back = order.map((_, dim) => order.indexOf(dim));
        expect(dataSync(permute(moved, back))).toEqual(dataSync(numbered(shape)));
      }),
    );
  });

  it('what changes nothing makes no node, but another handle', () => {
    const x = tensor([[1, 2]]);
    for (const same of [reshape(x, [1, 2]), permute(x, [0, 1]), expand(x, [-1, 2]), squeeze(x, { dim: 1 }), repeat(x, [1, 1]), cat([x])]) {
      expect(same).not.toBe(x);
      expect(same.value).toBe(x.value);
    }
  });

  it('what changes nothing of lasting state is a view, so that a step knows of it', () => {
    const x = own(ones([2]), ones([2]));
    expect(reshape(x, [2]).value).not.toBe(x.value);
  });

  it('moves dims of size 1 without moving elements', () => {
    expect(permute(ones([3, 1, 4]), [1, 0, 2]).value.node.primitive).toBe('reshape');
    expect(permute(ones([3, 1, 4]), [2, 0, 1]).value.node.primitive).toBe('permute');
  });

  it('does not keep the arrays it is given', () => {
    const shape = [2, 3];
    const wide = expand(ones([1, 3]), shape);
    shape[0] = 9;
    expect(wide.shape).toEqual([2, 3]);
  });

  const x = ones([2, 3]);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => reshape(x, [4]), 'reshape: the sizes must multiply to 6, the elements of [2, 3]; got [4]'],
    [() => reshape(x, [-1, 4]), 'reshape: the sizes must multiply to 6, the elements of [2, 3]; got [-1, 4]'],
    [() => reshape(x, [-1, -1]), 'reshape: at most one size may be -1; got [-1, -1]'],
    [() => reshape(x, [-2, -3]), 'reshape: sizes must be whole numbers from 0 up; got [-2, -3]'],
    [() => reshape(x, [1.5, 4]), 'reshape: sizes must be whole numbers from 0 up; got [1.5, 4]'],
    [() => reshape(ones([0]), [-1, 0]), 'reshape: the sizes must multiply to 0, the elements of [0]; got [-1, 0]'],
    [() => reshape(x, 6 as never), 'reshape: shape must be an array; got 6'],
    [() => reshape([1] as never, [1]), 'reshape: x must be a tensor; got [1]. Wrap it: tensor(…)'],
    [() => flatten(x, { startDim: 1, endDim: 0 }), 'flatten: startDim must not come after endDim; got 1 and 0 for a tensor of rank 2'],
    [() => flatten(x, { startDim: 2 }), 'flatten: dim must be an integer in [-2, 1] for a tensor of rank 2; got 2'],
    [() => unflatten(x, 1, [2, 2]), 'unflatten: the sizes must multiply to 3, the elements of [3]; got [2, 2]'],
    [() => permute(x, [0]), 'permute: dims must name each of the 2 dims once; got [0]'],
    [() => permute(x, [0, 0]), 'permute: dims must name each of the 2 dims once; got [0, 0]'],
    [() => permute(x, [0, Number.NaN]), 'permute: dim must be an integer in [-2, 1] for a tensor of rank 2; got NaN'],
    [() => transpose(x, 0, 2), 'transpose: dim must be an integer in [-2, 1] for a tensor of rank 2; got 2'],
    [() => t(ones([1, 2, 3])), 't: the tensor must have at most 2 dims; got [1, 2, 3]. Use mT() or transpose(dim0, dim1)'],
    [() => mT(ones([3])), 'mT: the tensor must have at least 2 dims; got [3]'],
    [() => movedim(x, [0, 0], [0, 1]), 'movedim: source must name a dim once; got [0,0]'],
    [() => movedim(x, 0, [0, 1]), 'movedim: source and destination must name as many dims; got 1 and 2'],
    [() => expand(x, [2, 4]), 'expand: only dims of size 1 can be repeated, and dims added in front; got [2, 3] to [2, 4]'],
    [() => expand(x, [3]), 'expand: only dims of size 1 can be repeated, and dims added in front; got [2, 3] to [3]'],
    [() => expand(x, [-1, 2, 3]), 'expand: sizes must be whole numbers from 0 up; got [-1, 2, 3]'],
    [() => squeeze(x, { dim: [0, 0] }), 'squeeze: a dim may be named once; got [0,0]'],
    [() => unsqueeze(x, 4), 'unsqueeze: dim must be an integer in [-3, 2] for a tensor of rank 3; got 4'],
    [() => cat([]), 'cat: needs at least one tensor; got []'],
    [() => cat(x as never), 'cat: tensors must be an array; got a tensor of shape [2, 3]'],
    [() => cat([x, 1 as never]), 'cat: tensors[1] must be a tensor; got 1. Wrap it: tensor(…)'],
    [() => cat([x, ones([3, 2])]), 'cat: sizes must agree in all dims but dim 0; got [2, 3] and, at 1, [3, 2]'],
    [() => cat([tensor(1), tensor(2)]), 'cat: tensors of rank 0 cannot be joined; use stack'],
    [() => stack([x, ones([3])]), 'stack: all tensors must have one shape; got [2, 3] and [3]'],
    [() => repeat(x, [2]), 'repeat: needs a number for each of the 2 dims; got [2]'],
    [() => tile(x, [-1]), 'tile: each number must be a whole number from 0 up; got -1'],
    [() => repeatInterleave(x, 0.5), 'repeatInterleave: repeats must be a whole number from 0 up; got 0.5'],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});

function eachIndex(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (indices, size) => indices.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}
