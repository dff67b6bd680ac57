import { ArgumentError, DataError, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { defaultCollate } from './index.ts';

describe('defaultCollate', () => {
  test('stacks tensors along a new first dim', async () => {
    const batch = defaultCollate([tensor([1, 2]), tensor([3, 4])]);
    expect(batch.shape).toEqual([2, 2]);
    expect(await batch.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('makes int32 of whole numbers, float32 where one has a fraction, bool of booleans', async () => {
    expect(defaultCollate([1, 2]).dtype).toBe('int32');
    expect(defaultCollate([1, 2.5]).dtype).toBe('float32');
    expect(defaultCollate([1, Number.NaN]).dtype).toBe('float32');
    expect(defaultCollate([2 ** 31, 0]).dtype).toBe('float32');
    const flags = defaultCollate([true, false]);
    expect(flags.dtype).toBe('bool');
    expect(await flags.tolist()).toEqual([1, 0]);
  });

  test('keeps texts as a list', () => {
    expect(defaultCollate(['a', 'b'])).toEqual(['a', 'b']);
  });

  test('stacks typed arrays, keeping their dtype', async () => {
    const batch = defaultCollate([new Uint8Array([1, 2]), new Uint8Array([3, 4])]);
    expect(batch.dtype).toBe('uint8');
    expect(await batch.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('goes through tuples, lists and objects', async () => {
    const samples = [
      { image: tensor([1]), box: [1, 2], name: 'a', at: { x: 0.5 } },
      { image: tensor([2]), box: [3, 4], name: 'b', at: { x: 1.5 } },
    ];
    const { image, box, name, at } = defaultCollate(samples);
    expect(await image.tolist()).toEqual([[1], [2]]);
    expect(await Promise.all(box.map((side) => side.tolist()))).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(name).toEqual(['a', 'b']);
    expect(await at.x.tolist()).toEqual([0.5, 1.5]);
  });

  test.each<[string, readonly unknown[], RegExp]>([
    [
      'tensors of different shapes',
      [
        [tensor([1]), 0],
        [tensor([1, 2]), 0],
      ],
      /got float32 \[1\] and float32 \[2\] \(sample\[0\]\)/,
    ],
    ['tensors of different dtypes', [tensor([1]), tensor([1], { dtype: 'int32' })], /got float32 \[1\] and int32 \[1\] \(sample\)/],
    ['samples of different kinds', [{ a: 1 }, { a: 'x' }], /must be alike; got 1 and 'x' \(sample\.a\)/],
    ['lists of different lengths', [[1, 2], [1]], /must be alike; got \[1, 2\] and \[1\] \(sample\)/],
    ['objects of different keys', [{ a: 1 }, { b: 1 }], /must be alike; got 'an object with a' and 'one without'/],
    [
      'what cannot be put together',
      [null, null],
      /sample must be tensors, numbers, booleans, texts, arrays or objects; got null\. Give the loader a collate function/,
    ],
    ['an object that hides behind its prototype', [{ toString: 1 }, {}], /must be alike/],
  ])('refuses %s', (_, samples, message) => {
    expect(() => defaultCollate(samples)).toThrow(DataError);
    expect(() => defaultCollate(samples)).toThrow(message);
  });

  test('refuses no samples', () => {
    expect(() => defaultCollate([])).toThrow(ArgumentError);
  });
});
