import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../methods.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { arange, ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { pad } from './padding.ts';
import { chunk, flip, narrow, roll, type SliceRange, select, slice, split, unbind } from './slicing.ts';

const bound = fc.option(fc.integer({ min: -9, max: 9 }));
const ranges = fc.record({ start: bound, end: bound, step: fc.option(fc.integer({ min: -4, max: 4 }).filter((step) => step !== 0)) });

/** Python's definition of a slice, spelled out. */
function naive(size: number, { start, end, step }: SliceRange): number[] {
  const by = step ?? 1;
  const clip = (value: number, least: number, most: number) => Math.min(Math.max(value < 0 ? value + size : value, least), most);
  const [least, most] = by > 0 ? [0, size] : [-1, size - 1];
  const first = typeof start === 'number' ? clip(start, least, most) : by > 0 ? 0 : size - 1;
  const stop = typeof end === 'number' ? clip(end, least, most) : by > 0 ? size : -1;
  const picked: number[] = [];
  for (let i = first; by > 0 ? i < stop : i > stop; i += by) picked.push(i);
  return picked;
}

describe('slicing', () => {
  it('takes the elements that Python takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), ranges, (size, range) => {
        expect([...dataSync(slice(arange(size), 0, range))]).toEqual(naive(size, range));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the elements that Python takes, of two dims one after the other', () => {
    fc.assert(
      fc.property(ranges, ranges, (rows, columns) => {
        const part = slice(slice(arange(20).reshape([4, 5]), 0, rows), -1, columns);
        const expected = naive(4, rows).flatMap((i) => naive(5, columns).map((j) => 5 * i + j));
        expect([...dataSync(part)]).toEqual(expected);
      }),
    );
  });

  it('keeps where it starts out of the plan: the same size is the same structure', () => {
    const x = arange(10);
    const [first, second] = [narrow(x, 0, 1, 3), narrow(x, 0, 5, 3)].map(({ value }) => value.node);
    expect(first?.params).toEqual(second?.params);
    expect([first?.scalars, second?.scalars]).toEqual([[1], [5]]);
  });

  it('pads with zeros what a slice takes off again', () => {
    const margin = fc.integer({ min: 0, max: 3 });
    const amounts = fc.tuple(margin, margin, margin, margin);
    fc.assert(
      fc.property(amounts, (amounts) => {
        const x = arange(6).reshape([2, 3]);
        const padded = pad(x, amounts);
        expect(padded.shape).toEqual([2 + amounts[2] + amounts[3], 3 + amounts[0] + amounts[1]]);
        expect(
          dataSync(
            pad(
              padded,
              amounts.map((n) => -n),
            ),
          ),
        ).toEqual(dataSync(x));
        expect(dataSync(padded.sum())).toEqual(dataSync(x.sum()));
      }),
    );
  });

  it('pads with infinities, where a product with 0 would give NaN', () => {
    expect([...dataSync(pad(ones([1]), [1, 1], { value: Number.NEGATIVE_INFINITY }))]).toEqual([-Infinity, 1, -Infinity]);
  });

  it('pads tensors without elements, whatever it takes the new ones from', () => {
    for (const mode of ['constant', 'replicate', 'circular'] as const) expect(pad(ones([0, 2]), [1, 0], { mode }).shape).toEqual([0, 3]);
    expect(pad(ones([2, 0]), [1, 2], { value: 7 }).shape).toEqual([2, 3]);
    expect([...dataSync(pad(ones([2, 0]), [1, 0], { value: 7 }))]).toEqual([7, 7]);
  });

  const x = ones([2, 3]);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => slice(x, 0, { step: 0 }), 'slice: step must not be 0'],
    [() => slice(x, 0, { start: 0.5 }), 'slice: start must be a whole number; got 0.5'],
    [() => slice(tensor(1), 0), 'slice: a tensor of rank 0 has no dims to take from'],
    [() => narrow(x, 1, 2, 2), 'narrow: start 2 and length 2 reach beyond dim 1 of size 3'],
    [() => narrow(x, 1, -4, 1), 'narrow: start -4 and length 1 reach beyond dim 1 of size 3'],
    [() => narrow(x, 1, 0, -1), 'narrow: length must be a whole number from 0 up; got -1'],
    [() => select(x, 0, 2), 'select: index 2 is out of range for dim 0 of size 2'],
    [() => select(x, 0, -3), 'select: index -3 is out of range for dim 0 of size 2'],
    [() => select(x, 0, Number.NaN), 'select: index must be a whole number; got NaN'],
    [() => flip(x, [0, -2]), 'flip: a dim may be named once; got [0,-2]'],
    [() => roll(x, [1, 2], { dims: 0 }), 'roll: needs one shift for each dim; got 2 and 1'],
    [() => roll(x, 0.5), 'roll: shifts must be a whole number; got 0.5'],
    [() => split(x, 0), 'split: size must be a whole number from 1 up; got 0'],
    [() => split(x, [1, 2]), 'split: the sizes must add up to 2; got [1, 2]'],
    [() => split(x, [3, -1]), 'split: each size must be a whole number from 0 up; got -1'],
    [() => chunk(x, 0), 'chunk: chunks must be a whole number from 1 up; got 0'],
    [() => unbind(x, { dim: 2 }), 'unbind: dim must be an integer in [-2, 1] for a tensor of rank 2; got 2'],
    [() => pad(x, [1]), 'pad: padding must be pairs, last dim first, for at most the 2 dims; got [1]'],
    [() => pad(x, [1, 1, 1, 1, 1, 1]), 'pad: padding must be pairs, last dim first, for at most the 2 dims; got [1, 1, 1, 1, 1, 1]'],
    [() => pad(x, [-2, -2]), 'pad: cannot cut off more than there is; got -2 and -2 for dim 1 of [2, 3]'],
    [() => pad(x, [3, 0], { mode: 'reflect' }), 'pad: mode reflect needs at least 4 elements in dim 1; got [2, 3]'],
    [
      () => pad(x, [3, 0], { mode: 'mirror' as never }),
      "pad: mode must be one of 'constant', 'reflect', 'replicate', 'circular'; got 'mirror'",
    ],
    [() => pad(tensor([1], { dtype: 'int32' }), [1, 0], { value: 0.5 }), 'pad: a int32 operand must be a whole number'],
    [() => pad(x, [1, 0], { value: 'a' as never }), "pad: value must be a number; got 'a'"],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
