import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataSync } from '../evaluation/evaluate.ts';
import { ones } from './creation.ts';
import { bincount, maskedSelect, nonzero, unique } from './dataDependent.ts';
import { tensor } from './fromData.ts';

const whole = (...data: number[]) => tensor(data, { dtype: 'int32', shape: [data.length] });

describe('functions whose shapes depend on the data', () => {
  it('nonzero lists the indices in row-major order', async () => {
    const indices = await nonzero(
      tensor([
        [0, 2, 0],
        [3, 0, Number.NaN],
      ]),
    );
    expect([indices.dtype, indices.shape, [...dataSync(indices)]]).toEqual(['int32', [3, 2], [0, 1, 1, 0, 1, 2]]);
    expect((await nonzero(tensor(0))).shape).toEqual([0, 0]);
    expect((await nonzero(tensor(1))).shape).toEqual([1, 0]);
    expect((await nonzero(ones([0, 3]))).shape).toEqual([0, 2]);
  });

  it('maskedSelect broadcasts, and stays connected to its input', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const picked = await maskedSelect(x, tensor([true, false, true]));
    expect([...dataSync(picked)]).toEqual([1, 3, 4, 6]);
    expect(picked.value.node.primitive).toBe('indexSelect');
    expect((await maskedSelect(tensor([1, 2]), tensor([[true], [false]]))).shape).toEqual([2]);
    expect((await maskedSelect(x, tensor(false))).shape).toEqual([0]);
  });

  it('unique gives each value once, ascending, and counts that add up', async () => {
    const lists = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const { values, inverse, counts } = await unique(whole(...list));
        const expected = [...new Set(list)].sort((a, b) => a - b);
        expect([...dataSync(values)]).toEqual(expected);
        expect([...dataSync(inverse)].map((place) => expected[place])).toEqual(list);
        expect([...dataSync(counts)]).toEqual(expected.map((value) => list.filter((each) => each === value).length));
      }),
    );
  });

  it('unique keeps the dtype and the shape of places, and takes every NaN for another', async () => {
    const { values, inverse, counts } = await unique(
      tensor([
        [Number.NaN, 1],
        [Number.NaN, -Infinity],
      ]),
    );
    expect([...dataSync(values)]).toEqual([-Infinity, 1, Number.NaN, Number.NaN]);
    expect([inverse.shape, [...dataSync(inverse)], [...dataSync(counts)]]).toEqual([
      [2, 2],
      [2, 1, 3, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('bincount counts, or adds weights, up to the greatest element', async () => {
    expect([...dataSync(await bincount(whole(0, 3, 3, 1)))]).toEqual([1, 1, 0, 2]);
    expect([...dataSync(await bincount(whole(1), { minlength: 3 }))]).toEqual([0, 1, 0]);
    const weighted = await bincount(whole(0, 2, 0), { weights: tensor([0.5, 1, 2]) });
    expect([weighted.dtype, [...dataSync(weighted)]]).toEqual(['float32', [2.5, 0, 1]]);
    expect((await bincount(whole())).shape).toEqual([0]);
  });

  const wrong: readonly (readonly [f: () => Promise<unknown>, message: string])[] = [
    [() => nonzero([1] as never), 'nonzero: x must be a tensor; got [1]. Wrap it: tensor(…)'],
    [() => maskedSelect(ones([2]), ones([2])), 'maskedSelect: the mask must be bool; got float32. Compare it, or cast it: mask.bool()'],
    [() => maskedSelect(ones([2]), tensor([true, true, false])), 'maskedSelect: shapes must broadcast'],
    [() => bincount(ones([2])), 'bincount: x must be int32 or uint8; got float32. Cast it: x.int()'],
    [() => bincount(tensor(1, { dtype: 'int32' })), 'bincount: x must be a vector; got []'],
    [() => bincount(whole(1, -1)), 'bincount: elements must not be negative; got -1'],
    [() => bincount(whole(1), { weights: ones([2]) }), 'bincount: weights must have the shape of x; got [2] and x [1]'],
    [() => bincount(whole(1), { minlength: -1 }), 'bincount: minlength must be a whole number from 0 up; got -1'],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, async () => {
      await expect(f()).rejects.toThrow(message);
    });
  }
});
