import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dtypes } from '../dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync, tolist } from '../evaluation/evaluate.ts';
import { arange, empty, emptyLike, eye, full, fullLike, linspace, logspace, ones, onesLike, tril, zeros, zerosLike } from './creation.ts';
import { tensor } from './fromData.ts';

describe('zeros, ones, full, empty', () => {
  it('fill every dtype', () => {
    for (const dtype of dtypes) {
      expect([...dataSync(zeros([2, 2], { dtype }))]).toEqual([0, 0, 0, 0]);
      expect([...dataSync(ones(3, { dtype }))]).toEqual([1, 1, 1]);
    }
    expect(empty([2]).shape).toEqual([2]);
  });

  it('full takes its dtype from the value', () => {
    expect([full([1], 7).dtype, full([1], true).dtype, full([1], 7, { dtype: 'uint8' }).dtype]).toEqual(['float32', 'bool', 'uint8']);
    expect([...dataSync(full([2], 5, { dtype: 'bool' }))]).toEqual([1, 1]);
  });

  it('allow no elements and no dims', () => {
    expect([zeros([0, 3]).numel(), zeros([]).shape]).toEqual([0, []]);
    expect(dataSync(ones([2, 0]))).toEqual(new Float32Array(0));
  });

  it('refuse bad sizes, values and dtypes', () => {
    expect(() => zeros([2, -1])).toThrow('zeros: sizes must be whole numbers from 0 up; got [2, -1]');
    expect(() => ones(1.5)).toThrow(ShapeError);
    expect(() => ones([Number.NaN])).toThrow(ShapeError);
    expect(() => full([1], 300, { dtype: 'uint8' })).toThrow(ArgumentError);
    expect(() => full([1], 0.5, { dtype: 'int32' })).toThrow(ArgumentError);
    expect(() => full([1], 'x' as never)).toThrow("full: value must be a number; got 'x'");
    expect(() => zeros([1], { dtype: 'int64' as never })).toThrow(DTypeError);
  });

  it('do not see later changes of the shape given', () => {
    const shape = [2, 3];
    const x = zeros(shape);
    shape[0] = 5;
    expect(x.shape).toEqual([2, 3]);
  });
});

describe('zerosLike and kin', () => {
  it('take shape and dtype of the tensor, or another dtype', () => {
    const x = tensor([[1, 2]], { dtype: 'int32' });
    for (const f of [zerosLike, onesLike, emptyLike])
      expect([f(x).shape, f(x).dtype, f(x, { dtype: 'bool' }).dtype]).toEqual([[1, 2], 'int32', 'bool']);
    expect([...dataSync(fullLike(x, 7))]).toEqual([7, 7]);
    expect(() => fullLike(x, 0.5)).toThrow(ArgumentError);
    expect(() => zerosLike([1] as never)).toThrow('zerosLike: x must be a tensor; got [1]. Wrap it: tensor(…)');
  });
});

describe('arange', () => {
  it('counts as PyTorch does: ceil((end - start) / step) elements, the end left out', async () => {
    expect(await tolist(arange(3))).toEqual([0, 1, 2]);
    expect(await tolist(arange(1, 2.5, { step: 0.5 }))).toEqual([1, 1.5, 2]);
    expect(await tolist(arange(5, 0, { step: -2 }))).toEqual([5, 3, 1]);
    expect(await tolist(arange(2, 2))).toEqual([]);
    expect(arange(0, 1, { step: 0.1 }).shape).toEqual([10]);
  });

  it('rounds each element once', () => {
    const step = fc.double({ min: 1e-3, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), step, fc.nat(50), (start, by, length) => {
        const x = dataSync(arange(start, start + by * (length - 0.5), { step: by }));
        expect([...x]).toEqual(Array.from(x, (_, i) => Math.fround(start + i * by)));
      }),
    );
  });

  it('refuses steps that lead nowhere and integers that do not fit', () => {
    expect(() => arange(0, 3, { step: 0 })).toThrow('arange: step must lead from start to end; got 0 to 3 by 0');
    expect(() => arange(-1)).toThrow(ArgumentError);
    expect(() => arange(Number.NaN)).toThrow(ArgumentError);
    expect(() => arange(0, 300, { dtype: 'uint8' })).toThrow(ArgumentError);
    expect(() => arange(0, 2, { step: 0.5, dtype: 'int32' })).toThrow(ArgumentError);
  });
});

describe('linspace and logspace', () => {
  it('include both ends', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.integer({ min: 2, max: 100 }),
        (a, b, n) => {
          const x = dataSync(linspace(a, b, n));
          expect(x[0] === a).toBe(true);
          expect(Math.abs((x[n - 1] ?? 0) - b)).toBeLessThanOrEqual(2 ** -50 * Math.max(Math.abs(a), Math.abs(b)));
        },
      ),
    );
    expect([...dataSync(linspace(0, 10, 5, { dtype: 'int32' }))]).toEqual([0, 2, 5, 7, 10]);
    expect([...dataSync(linspace(3, 9, 1))]).toEqual([3]);
    expect([...dataSync(logspace(0, 3, 4))]).toEqual([1, 10, 100, 1000]);
    expect([...dataSync(logspace(0, 3, 4, { base: 2, dtype: 'int32' }))]).toEqual([1, 2, 4, 8]);
  });

  it('refuse bad bounds and counts', () => {
    expect(() => linspace(0, Number.POSITIVE_INFINITY, 3)).toThrow('linspace: end must be a finite number; got Infinity');
    expect(() => linspace(0, 1, -1)).toThrow(ArgumentError);
    expect(() => linspace(0, 1, 2.5)).toThrow(ArgumentError);
  });
});

describe('eye', () => {
  it('has ones on the diagonal', async () => {
    expect(await tolist(eye(2))).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(await tolist(eye(2, { m: 3, dtype: 'int32' }))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(0).shape).toEqual([0, 0]);
    expect(() => eye(-1)).toThrow(ArgumentError);
  });
});

describe('tril', () => {
  it('refuses vectors and diagonals that are not whole', () => {
    expect(() => tril(zeros([3]))).toThrow('tril: needs at least two dims; got [3]');
    expect(() => tril(zeros([3, 3]), { diagonal: 0.5 })).toThrow(ArgumentError);
  });

  it('keeps the dtype', () => {
    for (const dtype of dtypes) expect(tril(ones([2, 2], { dtype })).dtype).toBe(dtype);
  });
});
