import { argsort, type DType, dtypes, ones, type Shape, sort, type Tensor, tensor, useBackend, zeros } from '@dl/tensor';
import { sizeOf } from '@dl/tensor/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceFromReference } from '../testing/differenceFromReference.ts';
import { elements, indices } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';
import { openVariants } from '../testing/openVariants.ts';

const engines = await openEngines();
const variants = await openVariants();
const addable = ['float32', 'float64', 'int32', 'uint8'] as const;

describe.each(engines)('on $title', ({ engine }) => {
  it('gathers, scatters and adds along any dim of any tensor, by an index that may be smaller', () => {
    fc.assert(
      fc.property(lookups(), fc.constantFrom(...dtypes), fc.constantFrom(...addable), ({ shape, dim, indexShape }, dtype, number) => {
        const index = indices(indexShape, shape[dim] ?? 1);
        const gather = { primitive: 'gather', inputs: [elements(shape, dtype), index], params: { dim } } as const;
        const scatter = {
          primitive: 'scatter',
          inputs: [elements(shape, dtype), index, elements(indexShape, dtype, 2)],
          params: { dim },
        } as const;
        const add = {
          primitive: 'scatterAdd',
          inputs: [elements(shape, number), index, elements(indexShape, number, 2)],
          params: { dim },
        } as const;
        expect([gather, scatter, add].map((applied) => differenceFromReference(engine, applied))).toEqual([null, null, null]);
      }),
      { numRuns: 300 },
    );
  });

  it('selects and adds rows along any dim of any tensor', () => {
    fc.assert(
      fc.property(rows(), fc.nat(9), fc.constantFrom(...dtypes), fc.constantFrom(...addable), ({ shape, dim }, count, dtype, number) => {
        const index = indices([count], shape[dim] ?? 1);
        const select = { primitive: 'indexSelect', inputs: [elements(shape, dtype), index], params: { dim } } as const;
        const inputs = [elements(shape, number), index, elements(shape.with(dim, count), number, 2)];
        expect(differenceFromReference(engine, select)).toBeNull();
        expect(differenceFromReference(engine, { primitive: 'indexAdd', inputs, params: { dim } })).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { shape: [500, 64], dim: 0, count: 900 },
    { shape: [3, 300, 40], dim: 1, count: 700 },
    { shape: [50, 1030], dim: 0, count: 90 },
    { shape: [2, 40_000], dim: 0, count: 3 },
    { shape: [5000, 30], dim: 0, count: 10 },
    { shape: [40, 1000], dim: 1, count: 2000 },
    { shape: [50_000], dim: 0, count: 60_000 },
  ])('adds $count rows to dim $dim of $shape in their order, whatever the piece', ({ shape, dim, count }) => {
    for (const dtype of addable) {
      const inputs = [elements(shape, dtype), indices([count], shape[dim] ?? 1), elements(shape.with(dim, count), dtype, 2)];
      expect(differenceFromReference(engine, { primitive: 'indexAdd', inputs, params: { dim } })).toBeNull();
    }
    const select = {
      primitive: 'indexSelect',
      inputs: [elements(shape, 'float32'), indices([count], shape[dim] ?? 1)],
      params: { dim },
    } as const;
    expect(differenceFromReference(engine, select)).toBeNull();
  });

  it.each([
    { shape: [50, 1030], dim: 0, indexShape: [90, 1000] },
    { shape: [50, 1030], dim: 1, indexShape: [50, 1500] },
    { shape: [70, 20, 50], dim: 1, indexShape: [70, 30, 50] },
    { shape: [100_000], dim: 0, indexShape: [100_000] },
  ])('gathers and scatters $indexShape along dim $dim of $shape, which takes more than a piece', ({ shape, dim, indexShape }) => {
    const index = indices(indexShape, shape[dim] ?? 1);
    const source = elements(indexShape, 'float32', 2);
    const x = elements(shape, 'float32');
    expect(differenceFromReference(engine, { primitive: 'gather', inputs: [x, index], params: { dim } })).toBeNull();
    expect(differenceFromReference(engine, { primitive: 'scatter', inputs: [x, index, source], params: { dim } })).toBeNull();
    expect(differenceFromReference(engine, { primitive: 'scatterAdd', inputs: [x, index, source], params: { dim } })).toBeNull();
  });

  it('sorts along any dim of any tensor', () => {
    fc.assert(
      fc.property(rows(), fc.constantFrom(...dtypes), fc.boolean(), fc.boolean(), ({ shape, dim }, dtype, few, descending) => {
        const applied = { primitive: 'sort', inputs: [elements(shape, dtype, 1, few)], params: { dim, descending } } as const;
        expect(differenceFromReference(engine, applied)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { shape: [300, 101], dim: 1 },
    { shape: [450, 30], dim: 0 },
    { shape: [3, 700], dim: 1 },
    { shape: [1, 20_000], dim: 1 },
    { shape: [66_001], dim: 0 },
    { shape: [70_000, 2], dim: 0 },
  ])('sorts dim $dim of $shape', ({ shape, dim }) => {
    for (const dtype of dtypesFor(shape))
      for (const isReversed of [false, true]) {
        const applied = {
          primitive: 'sort',
          inputs: [elements(shape, dtype, 1, isReversed)],
          params: { dim, descending: isReversed },
        } as const;
        expect(differenceFromReference(engine, applied), dtype).toBeNull();
      }
  });
});

describe.each(variants)('on $title', ({ backend }) => {
  it.each([
    { name: 'gather', shape: [40, 3000], run: (x: Tensor, index: Tensor) => x.gather(0, index) },
    { name: 'scatter', shape: [40, 3000], run: (x: Tensor, index: Tensor) => x.scatter(0, index, x) },
    { name: 'scatterAdd', shape: [3000, 40], run: (x: Tensor, index: Tensor) => x.scatterAdd(0, index, x) },
    { name: 'indexSelect', shape: [70_000], run: (_: Tensor, index: Tensor) => zeros([600, 4]).indexSelect(0, index) },
    {
      name: 'indexAdd',
      shape: [900],
      run: (x: Tensor, index: Tensor) => zeros([600, 64]).indexAdd(0, index, x.reshape([900, 1]).expand([900, 64])),
    },
    { name: 'indexAdd', shape: [900], run: (x: Tensor, index: Tensor) => zeros([600]).indexAdd(0, index, x) },
  ])('$name says which of its computed indices of $shape is the first out of range', async ({ name, shape, run }) => {
    useBackend(backend);
    const size = sizeOf(shape);
    const data = new Int32Array(size).fill(1);
    const [first, second] = [Math.floor(size / 3), size - 1];
    data[first] = -1;
    data[second] = 99_999;
    const index = tensor(data).reshape(shape).mul(1000).div(1000).trunc().int();
    const x = ones(shape);
    await expect(run(x, index).sum().data()).rejects.toThrow(`${name}: index -1 at position ${first} is out of range`);
  });
});

it.each(variants)('sorts for one of the two outputs alone on $title', async ({ backend }) => {
  useBackend(backend);
  const x = tensor([3, 1, 2]);
  expect([...(await argsort(x).data())]).toEqual([1, 2, 0]);
  expect([...(await sort(x.mul(2))[0].data())]).toEqual([2, 4, 6]);
});

/** The reference sorts long lines slowly. */
function dtypesFor(shape: Shape): readonly DType[] {
  return Math.max(...shape) > 60_000 ? ['float32', 'float64'] : dtypes;
}

/** A tensor and one of its dims. */
interface Rows {
  readonly shape: Shape;
  readonly dim: number;
}

/** That dim is not empty. */
function rows(): fc.Arbitrary<Rows> {
  return fc
    .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
    .chain((sizes) =>
      fc
        .record({ dim: fc.nat(sizes.length - 1), size: fc.integer({ min: 1, max: 20 }) })
        .map(({ dim, size }) => ({ shape: sizes.with(dim, size), dim })),
    );
}

/** An index that does not exceed the tensor in the other dims. */
function lookups(): fc.Arbitrary<Rows & { readonly indexShape: Shape }> {
  return fc
    .record({ row: rows(), along: fc.nat(9), cuts: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }) })
    .map(({ row, along, cuts }) => ({
      ...row,
      indexShape: row.shape.map((size, i) => (i === row.dim ? along : Math.max(0, size - (cuts[i] ?? 0)))),
    }));
}
