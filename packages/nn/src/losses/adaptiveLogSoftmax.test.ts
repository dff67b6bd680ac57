import { ArgumentError, DTypeError, IndexError, ones, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { expect, test } from 'vitest';
import { AdaptiveLogSoftmaxWithLoss } from '../index.ts';

test('a computed label that is no class is refused when it is computed', async () => {
  for (const shift of [-1, 7]) {
    const labels = zeros([2], { dtype: 'int32' }).add(shift);
    await expect(made()(ones([2, 8]), labels).loss.item()).rejects.toThrow(IndexError);
  }
});

const labels = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });

test.each<[string, () => unknown, new (message?: string) => Error, string]>([
  [
    'cutoffs',
    () => new AdaptiveLogSoftmaxWithLoss(8, 7, [3, 3]),
    ArgumentError,
    'cutoffs must be whole numbers that rise from 1 to at most 6',
  ],
  ['cutoffs', () => new AdaptiveLogSoftmaxWithLoss(8, 7, [7]), ArgumentError, 'got [7]'],
  ['cutoffs', () => new AdaptiveLogSoftmaxWithLoss(8, 7, []), ArgumentError, 'got []'],
  ['cutoffs', () => new AdaptiveLogSoftmaxWithLoss(8, 7, 3 as never), ArgumentError, 'got 3'],
  ['divisor', () => new AdaptiveLogSoftmaxWithLoss(8, 7, [3], { divValue: 9 }), ArgumentError, 'got none for cluster 0 with divValue 9'],
  ['divisor', () => new AdaptiveLogSoftmaxWithLoss(8, 7, [3], { divValue: -1 }), ArgumentError, 'divValue must be a finite number above 0'],
  ['width', () => made()(ones([2, 7]), labels(0, 1)), ShapeError, 'input must be [N, 8] or [8]; got [2, 7]'],
  ['target', () => made()(ones([2, 8]), labels(0)), ShapeError, 'got input [2, 8] and target [1] of int32'],
  ['target', () => made()(ones([2, 8]), ones([2])), DTypeError, 'target must be int32 or uint8'],
  ['label', () => made()(ones([2, 8]), labels(0, 7)), ArgumentError, 'target must be classes in [0, 6]; got 7'],
  ['row', () => made().predict(ones([8])), ShapeError, 'input must be [N, 8]; got [8]'],
])('a bad %s of an adaptive softmax is named (%#)', (_, run, error, message) => {
  expect(run).toThrow(error);
  expect(run).toThrow(`AdaptiveLogSoftmaxWithLoss: `);
  expect(run).toThrow(message);
});

function made(): AdaptiveLogSoftmaxWithLoss {
  return new AdaptiveLogSoftmaxWithLoss(8, 7, [3]);
}
