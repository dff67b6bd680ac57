import { checkGradients } from '@dl/autograd';
import { ArgumentError, DTypeError, IndexError, logSoftmax, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { CTCLoss, functional } from '../index.ts';

describe('CTCLoss', () => {
  test('has second derivatives', async () => {
    const loss = (scores: Tensor): Tensor => functional.ctcLoss(logSoftmax(scores, -1), labels([1, 2]), 4, 2);
    await checkGradients(loss, [randn([4, 3], { dtype: 'float64' })], { order: 2 });
  });

  test('is the same for lengths that are computed', async () => {
    const logProbs = logSoftmax(randn([5, 2, 4]), -1);
    const losses = (lengths: (values: number[]) => Tensor): Promise<unknown> =>
      new CTCLoss({ reduction: 'none' })(logProbs, labels([1, 2, 3]), lengths([5, 4]), lengths([1, 2])).tolist();
    expect(await losses((values) => labels(values).add(1).sub(1))).toEqual(await losses(labels));
  });

  test('is infinite where no alignment exists', async () => {
    const loss = new CTCLoss({ reduction: 'none' })(logSoftmax(randn([2, 1, 3]), -1), labels([1, 1]), [2], [2]);
    expect(await loss.tolist()).toEqual([Number.POSITIVE_INFINITY]);
  });

  test('bears probabilities of 0', async () => {
    const logProbs = tensor([
      [Number.NEGATIVE_INFINITY, 0],
      [Number.NEGATIVE_INFINITY, 0],
    ]);
    expect(await functional.ctcLoss(logProbs, labels([1]), 2, 1, { reduction: 'none' }).item()).toBeCloseTo(0, 6);
  });

  const scores = zeros([4, 2, 3]);
  const two = labels([1, 2]);
  test.each<[string, () => unknown, new (message?: string) => Error, string]>([
    [
      'a blank that is no class',
      () => new CTCLoss({ blank: 3 })(scores, two, [4, 4], [1, 1]),
      ArgumentError,
      'ctcLoss: blank must be a whole number in [0, 2]; got 3',
    ],
    ['a negative blank', () => new CTCLoss({ blank: -1 }), ArgumentError, 'CTCLoss: blank must be a whole number from 0 up; got -1'],
    [
      'inputs longer than there are',
      () => new CTCLoss()(scores, two, [4, 5], [1, 1]),
      ArgumentError,
      'each of inputLengths must be a whole number in [0, 4]; got 5',
    ],
    ['the same in a tensor', () => new CTCLoss()(scores, two, labels([4, 5]), [1, 1]), ArgumentError, 'in [0, 4]; got 5'],
    ['targets longer than there are', () => new CTCLoss()(scores, labels([[1], [2]]), [4, 4], [1, 2]), ArgumentError, 'in [0, 1]; got 2'],
    ['lengths that do not add up', () => new CTCLoss()(scores, two, [4, 4], [1, 0]), ArgumentError, 'must add up to the 2 targets; got 1'],
    ['a negative length', () => new CTCLoss()(scores, two, [4, 4], [1, -1]), ArgumentError, 'got -1'],
    ['lengths for another batch', () => new CTCLoss()(scores, two, [4], [1, 1]), ShapeError, 'for each of the 2 examples; got [1]'],
    ['lengths as fractions', () => new CTCLoss()(scores, two, zeros([2]), [1, 1]), DTypeError, 'inputLengths must be int32 or uint8'],
    ['lengths that are none', () => new CTCLoss()(scores, two, 'four' as never, [1, 1]), ArgumentError, "got 'four'"],
    [
      'a blank among the targets',
      () => new CTCLoss()(scores, labels([1, 0]), [4, 4], [1, 1]),
      ArgumentError,
      'other than the blank, 0; got 0',
    ],
    ['a label that is no class', () => new CTCLoss()(scores, labels([1, 3]), [4, 4], [1, 1]), ArgumentError, 'in [0, 2] other than'],
    ['targets as fractions', () => new CTCLoss()(scores, zeros([2]), [4, 4], [1, 1]), DTypeError, 'targets must be int32 or uint8'],
    [
      'targets for another batch',
      () => new CTCLoss()(scores, labels([[1]]), [4, 4], [1, 1]),
      ShapeError,
      'got logProbs [4, 2, 3] and targets [1, 1]',
    ],
    ['another rank', () => new CTCLoss()(zeros([4]), two, [4], [1]), ShapeError, 'logProbs must be [T, N, C] or [T, C]'],
    ['no inputs', () => new CTCLoss()(zeros([0, 2, 3]), two, [0, 0], [1, 1]), ShapeError, 'with T at least 1'],
    ['another reduction', () => new CTCLoss({ reduction: 'max' as never }), ArgumentError, "got 'max'"],
  ])('refuses %s', (_, run, error, message) => {
    expect(run).toThrow(error);
    expect(run).toThrow(message);
  });

  test('rejects a label that is no class within a padded target', async () => {
    await expect(new CTCLoss()(scores, labels([[1], [9]]), [4, 4], [1, 1]).item()).rejects.toThrow(IndexError);
    expect(
      await new CTCLoss()(
        scores,
        labels([
          [1, 9],
          [2, 9],
        ]),
        [4, 4],
        [1, 1],
      ).item(),
    ).toBeLessThan(0);
  });
});

function labels(values: number[] | number[][]): Tensor {
  return tensor(values, { dtype: 'int32' });
}
