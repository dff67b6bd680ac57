import { expect, test } from 'vitest';
import { Confusion } from './confusion.ts';

function confusionOf(cells: readonly (readonly [actual: number, predicted: number, times: number])[]): Confusion {
  const confusion = new Confusion();
  for (const [actual, predicted, times] of cells) for (let i = 0; i < times; i++) confusion.add(actual, predicted);
  return confusion;
}

test('precision, recall, F1 and accuracy are those of the counts', () => {
  const confusion = confusionOf([
    [0, 0, 90],
    [0, 1, 10],
    [1, 0, 5],
    [1, 1, 45],
  ]);
  expect(confusion.total).toBe(150);
  expect(confusion.accuracy).toBeCloseTo(0.9, 12);
  expect([confusion.precision(1), confusion.recall(1)]).toEqual([45 / 55, 0.9]);
  expect(confusion.f1(1)).toBeCloseTo(6 / 7, 12);
  expect([confusion.precision(0), confusion.recall(0)]).toEqual([90 / 95, 0.9]);
  expect(`${confusion}`.split('\n')).toEqual([
    'actual       as ham    as spam  precision     recall         F1',
    'ham              90         10     94.74%     90.00%     92.31%',
    'spam              5         45     81.82%     90.00%     85.71%',
  ]);
});

test('shares of nothing are zero', () => {
  const confusion = confusionOf([[0, 0, 3]]);
  expect([confusion.precision(1), confusion.recall(1), confusion.f1(1), new Confusion().accuracy]).toEqual([0, 0, 0, 0]);
});
