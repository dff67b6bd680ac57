import fc from 'fast-check';
import { expect, it } from 'vitest';
import { broadcastStrides, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

const idiv = (i: number, n: number): number => Math.floor(i / n);

/** The offsets of some operands at each element of a shape, as a kernel finds them. */
function offsets(shape: readonly number[], strides: readonly (readonly number[])[]): number[][] {
  const walk = walkOf(shape, strides);
  const operands = strides.map((_, i) => `O${i}`);
  const rank = walk.sizes.length;
  const body = `${walkCode('at', rank, operands, 'element')}\nreturn [${operands.map((name) => `at${name}At`).join(', ')}];`;
  const kernel = new Function('idiv', 'element', ...walkNames('at', rank, operands), body);
  const size = shape.reduce((product, n) => product * n, 1);
  return Array.from({ length: size }, (_, element) =>
    (kernel(idiv, element, ...walkNumbers(walk)) as number[]).map((offset) => offset + 0),
  );
}

/** The same by counting. */
function naiveOffsets(shape: readonly number[], strides: readonly (readonly number[])[]): number[][] {
  const size = shape.reduce((product, n) => product * n, 1);
  return Array.from({ length: size }, (_, element) => {
    let rest = element;
    const place = shape.map(() => 0);
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      place[dim] = rest % (shape[dim] ?? 1);
      rest = Math.floor(rest / (shape[dim] ?? 1));
    }
    return strides.map((own) => own.reduce((sum, stride, dim) => sum + stride * (place[dim] ?? 0), 0));
  });
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });

it('finds the offsets that counting finds, whatever the strides', () => {
  const cases = shapes.chain((shape) => {
    const strides = fc.array(fc.integer({ min: -3, max: 12 }), { minLength: shape.length, maxLength: shape.length });
    return fc.tuple(fc.constant(shape), fc.array(strides, { minLength: 1, maxLength: 3 }));
  });
  fc.assert(fc.property(cases, ([shape, strides]) => void expect(offsets(shape, strides)).toEqual(naiveOffsets(shape, strides))));
});

it('steps through contiguous operands in one dim, and drops dims of size 1', () => {
  expect(
    walkOf(
      [2, 3, 4],
      [
        [12, 4, 1],
        [0, 0, 0],
      ],
    ),
  ).toEqual({ sizes: [24], strides: [[1], [0]] });
  expect(
    walkOf(
      [2, 1, 4],
      [
        [4, 9, 1],
        [1, 9, 0],
      ],
    ),
  ).toEqual({
    sizes: [2, 4],
    strides: [
      [4, 1],
      [1, 0],
    ],
  });
  expect(walkOf([], [[]])).toEqual({ sizes: [1], strides: [[0]] });
});

it('repeats what broadcasts', () => {
  expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
  expect(broadcastStrides([], [2])).toEqual([0]);
});
