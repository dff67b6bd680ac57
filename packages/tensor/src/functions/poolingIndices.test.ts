import { expect, test } from 'vitest';
import { arange, maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices, ShapeError, tensor, zeros } from '../index.ts';

test('maxima come with their places, counted within a plane', async () => {
  const [line, places] = maxPool1dWithIndices(tensor([[1, 3, 2, 0]]), 2);
  expect([await line.tolist(), await places.tolist(), places.dtype]).toEqual([[[3, 2]], [[1, 2]], 'int32']);
  const plane = maxPool2dWithIndices(arange(32).reshape([2, 4, 4]), 2, { stride: [2, 1] })[1];
  expect(await plane.select(0, 1).tolist()).toEqual([
    [5, 6, 7],
    [13, 14, 15],
  ]);
  expect(await maxPool3dWithIndices(arange(8).neg().reshape([1, 1, 2, 2, 2]), 2)[1].tolist()).toEqual([[[[[0]]]]]);
});

test('errors name the function', () => {
  expect(() => maxPool2dWithIndices(zeros([1, 2, 5]), 3)).toThrow(
    new ShapeError('maxPool2dWithIndices: the kernel must not be larger than the padded input; got [3, 3] over [2, 5]'),
  );
});
