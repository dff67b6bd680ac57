import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../methods.ts';
import { IndexError } from '../errors.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { arange, ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { parseIndex } from './indexString.ts';
import { type IndexEntry, index } from './subscript.ts';

const whole = (...data: number[]) => tensor(data, { dtype: 'int32' });

describe('index strings', () => {
  it('reads indices, slices, new dims and dots', () => {
    expect(parseIndex(' 1:3, ::2 ,-1,..., None, newaxis,:, +2 ')).toEqual([
      { start: 1, end: 3, step: null },
      { start: null, end: null, step: 2 },
      -1,
      '...',
      null,
      null,
      { start: null, end: null, step: null },
      2,
    ]);
    expect(parseIndex('None:None:-1')).toEqual([{ start: null, end: null, step: -1 }]);
    expect(parseIndex('1,')).toEqual([1]);
  });

  it('reads what it could have written itself', () => {
    const bounds = fc.option(fc.integer({ min: -99, max: 99 }));
    const slices = fc.record({ start: bounds, end: bounds, step: fc.option(fc.integer({ min: 1, max: 9 })) });
    const entries = fc.array(fc.oneof(fc.integer({ min: -99, max: 99 }), slices, fc.constant(null), fc.constant('...')), { minLength: 1 });
    const write = (entry: unknown) =>
      entry === null
        ? 'None'
        : typeof entry === 'object'
          ? Object.values(entry)
              .map((bound) => bound ?? '')
              .join(':')
          : String(entry);
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseIndex(list.map(write).join(', '))).toEqual(list);
      }),
    );
  });

  const wrong: readonly (readonly [text: string, message: string])[] = [
    ['', "index: an index is missing at position 0 of ''"],
    ['1,,2', "index: an index is missing at position 2 of '1,,2'"],
    ['1, x', "index: 'x' is no whole number, slice, '...' or 'None' at position 3 of '1, x'"],
    ['1:y:2', "index: 'y' is no whole number, slice, '...' or 'None' at position 2 of '1:y:2'"],
    ['1.5', "index: '1.5' is no whole number, slice, '...' or 'None' at position 0 of '1.5'"],
    ['1:2:3:4', "index: a slice has at most two colons at position 6 of '1:2:3:4'"],
    ['::0', "index: a step must not be 0 at position 2 of '::0'"],
    ['99999999999999999999', "index: 99999999999999999999 is too large at position 0 of '99999999999999999999'"],
    ['toString', "index: 'toString' is no whole number, slice, '...' or 'None' at position 0 of 'toString'"],
  ];
  for (const [text, message] of wrong) {
    it(`refuses: ${message}`, () => expect(() => parseIndex(text)).toThrow(message));
  }
});

describe('index', () => {
  const x = arange(12).reshape([3, 4]);

  it('picks by tensors what a loop over their elements picks', () => {
    const rows = fc.array(fc.integer({ min: -3, max: 2 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: -4, max: 3 }), (list, column) => {
        const expected = list.map((row) => ((row + 3) % 3) * 4 + ((column + 4) % 4));
        expect([...dataSync(index(x, [whole(...list), whole(column)]))]).toEqual(expected);
      }),
    );
  });

  it('is one node for a slice of several dims', () => {
    expect(index(x, '1:, ::2').value.node.inputs).toEqual([x.value]);
  });

  it('refuses an index outside, in a tensor when it is evaluated', () => {
    expect(() => index(x, '3')).toThrow(IndexError);
    expect(() => index(x, [0, -5])).toThrow('index: index -5 is out of range for dim 1 of size 4');
    expect(() => dataSync(index(x, [whole(0, 3)]))).toThrow('indexSelect: index 3 at position 1 is out of range for dim 0 of size 3');
    expect(() => dataSync(index(x, [whole(-4)]))).toThrow('indexSelect: index -4 at position 0 is out of range for dim 0 of size 3');
    expect(() => dataSync(index(x, [whole(0, 1), whole(0, 4)]))).toThrow(IndexError);
  });

  const wrong: readonly (readonly [entries: string | readonly IndexEntry[], message: string])[] = [
    ['0, 0, 0', 'index: at most 2 dims can be indexed, of [3, 4]; got 3'],
    ['..., ...', "index: '...' may stand once; got it 2 times"],
    [[{ step: 0 }], 'index: step must not be 0'],
    [[1.5], 'index: index must be a whole number; got 1.5'],
    [[[1] as never], "index: entry of dim 0 must be a number, a slice { start, end, step }, a tensor, null or '...'; got [1]"],
    [[true as never], "index: entry of dim 0 must be a number, a slice { start, end, step }, a tensor, null or '...'; got true"],
    [[ones([3])], 'index: tensors of indices must be int32; got float32. Cast them: indices.int()'],
    [[ones([3]).gt(0)], 'index: the shape that a bool mask selects depends on its elements; use await maskedSelect(x, mask), or where'],
    [[whole(0, 1), whole(0, 1, 2)], 'index: tensors of indices must broadcast; got [2] and [3]'],
    [1 as never, "index: takes a string such as '1:3, -1', or an array with an entry for each dim; got 1"],
  ];
  for (const [entries, message] of wrong) {
    it(`refuses: ${message}`, () => expect(() => index(x, entries)).toThrow(message));
  }
});
