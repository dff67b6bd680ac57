import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../apply.ts';
import { IndexError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import type { Tensor } from '../tensor.ts';
import { add } from './arithmetic.ts';
import { arange, ones, zeros } from './creation.ts';
import { tensor } from './fromData.ts';
import { gather, indexAdd, indexCopy, indexSelect, oneHot, scatter, scatterAdd, take, takeAlongDim } from './indexing.ts';
import { reshape } from './movement.ts';
import { argsort, isin, kthvalue, searchsorted, sort, topk } from './sorting.ts';

const whole = (...data: number[]) => tensor(data, { dtype: 'int32' });
const x = reshape(arange(12), [3, 4]);

/** Rows that may repeat, each with a number. */
const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -99, max: 99 })), { maxLength: 12 });
const indicesOf = (list: readonly (readonly [number, number])[]) =>
  tensor(
    list.map(([row]) => row),
    { dtype: 'int32', shape: [list.length] },
  );
const valuesOf = (list: readonly (readonly [number, number])[]) =>
  tensor(
    list.map(([, value]) => value),
    { shape: [list.length] },
  );

describe('indexing', () => {
  it('scatterAdd and indexAdd add up what hits the same place', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const sums = [0, 0, 0, 0, 0];
        for (const [row, value] of list) sums[row] = (sums[row] ?? 0) + value;
        expect([...dataSync(scatterAdd(zeros([5]), 0, indicesOf(list), valuesOf(list)))]).toEqual(sums);
        expect([...dataSync(indexAdd(zeros([5]), 0, indicesOf(list), valuesOf(list)))]).toEqual(sums);
      }),
    );
  });

  it('scatter and indexCopy leave what was written last', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const last = [0, 0, 0, 0, 0];
        for (const [row, value] of list) last[row] = value;
        expect([...dataSync(scatter(zeros([5]), 0, indicesOf(list), valuesOf(list)))]).toEqual(last);
        expect([...dataSync(indexCopy(zeros([5]), 0, indicesOf(list), valuesOf(list)))]).toEqual(last);
      }),
    );
  });

  it('leaves its inputs as they are', () => {
    const base = zeros([3]);
    dataSync(scatterAdd(base, 0, whole(1), ones([1])));
    expect([...dataSync(base)]).toEqual([0, 0, 0]);
  });

  describe('names an index outside, whether it is a leaf or computed', () => {
    const computed = (...data: number[]) => add(whole(...data), 0);
    const cases: readonly (readonly [name: string, f: (index: Tensor) => Tensor])[] = [
      ['gather', (index) => gather(x, 1, reshape(index, [2, 1]))],
      ['scatter', (index) => scatter(x, 1, reshape(index, [2, 1]), 1)],
      ['scatterAdd', (index) => scatterAdd(x, 1, reshape(index, [2, 1]), 1)],
      ['indexSelect', (index) => indexSelect(x, 1, index)],
      ['indexAdd', (index) => indexAdd(x, 1, index, zeros([3, 2]))],
    ];
    for (const [name, f] of cases) {
      it(name, () => {
        for (const wrong of [4, -1, 2 ** 31 - 1, -(2 ** 31)]) {
          expect(() => dataSync(f(whole(0, wrong)))).toThrow(IndexError);
          expect(() => dataSync(f(computed(0, wrong)))).toThrow(
            `${name}: index ${wrong} at position 1 is out of range for dim 1 of size 4`,
          );
        }
      });
    }

    it('crossEntropy', () => {
      const loss = (label: number) => apply('crossEntropy', [x, computed(0, label, -100)], { ignoreIndex: -100 }, []);
      expect(() => dataSync(loss(4))).toThrow('crossEntropy: label 4 at position 1 is out of range for 4 classes');
      expect([...dataSync(loss(1))].map(Number.isFinite)).toEqual([true, true, true]);
    });
  });

  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => gather(x, 1, whole(0)), 'gather: index and x must have the same rank; got [1] and x [3, 4]'],
    [
      () => gather(x, 1, reshape(whole(0, 1, 2, 3), [4, 1])),
      'gather: the index must not exceed x in the dims but 1; got [4, 1] and x [3, 4]',
    ],
    [() => gather(x, 1, x), 'gather: the index must be int32 or uint8; got float32. Cast it: index.int()'],
    [() => gather(x, 2, reshape(whole(0), [1, 1])), 'gather: dim must be an integer in [-2, 1] for a tensor of rank 2; got 2'],
    [
      () => scatter(x, 0, reshape(whole(0, 1), [1, 2]), zeros([1, 1])),
      'scatter: the source must be at least as large as the index; got [1, 1] and index [1, 2]',
    ],
    [
      () => scatter(x, 0, reshape(whole(0), [1, 1]), zeros([1, 1], { dtype: 'float64' })),
      'scatter: x and source must have one dtype; got float32 and float64. Cast the source',
    ],
    [() => scatterAdd(ones([2]).gt as never, 0, whole(0), 1), 'scatterAdd: x must be a tensor'],
    [() => indexSelect(x, 0, reshape(whole(0), [1, 1])), 'indexSelect: the index must have at most 1 dim; got [1, 1]'],
    [() => indexSelect(tensor(1), 0, whole(0)), 'indexSelect: x must have at least 1 dim; got a scalar'],
    [() => indexAdd(x, 0, whole(0), ones([4])), 'indexAdd: the source must be [1, 4]; got [4]'],
    [() => indexAdd(x, 0, whole(0), ones([1, 4]), { alpha: Number.NaN }), 'indexAdd: alpha must be a finite number; got NaN'],
    [() => take(x, x), 'take: the index must be int32 or uint8; got float32. Cast it: index.int()'],
    [() => takeAlongDim(x, whole(0), { dim: 0 }), 'takeAlongDim: index and x must have the same rank; got [1] and x [3, 4]'],
    [() => oneHot(whole(0), { numClasses: 0 }), 'oneHot: numClasses must be a whole number from 1 up; got 0'],
    [() => oneHot(x, { numClasses: 3 }), 'oneHot: the index must be int32 or uint8; got float32. Cast it: index.int()'],
    [() => topk(x, 5), 'topk: k must be a whole number in [0, 4]; got 5'],
    [() => kthvalue(x, 0), 'kthvalue: k must be a whole number in [1, 4]; got 0'],
    [() => sort(x, { dim: 2 }), 'sort: dim must be an integer in [-2, 1] for a tensor of rank 2; got 2'],
    [
      () => searchsorted(x, ones([2, 1])),
      'searchsorted: sorted must be a vector or have the leading dims of values; got [3, 4] and [2, 1]',
    ],
    [() => isin(x, 1 as never), 'isin: testElements must be a tensor; got 1. Wrap it: tensor(…)'],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});

describe('sort', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 40 });
  const rank = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);

  it('is stable, in both directions, with NaN the greatest', () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (list, descending) => {
        const sign = descending ? -1 : 1;
        const expected = list.map((_, i) => i).sort((i, j) => sign * (rank(list[i] ?? 0) - rank(list[j] ?? 0)) || i - j);
        expect([...dataSync(argsort(tensor(list), { descending }))]).toEqual(expected);
      }),
    );
  });

  it('gives values that its indices gather', () => {
    const [values, indices] = sort(x, { dim: 0, descending: true });
    expect(dataSync(gather(x, 0, indices))).toEqual(dataSync(values));
  });
});
