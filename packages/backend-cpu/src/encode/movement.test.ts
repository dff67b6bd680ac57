import type { Shape } from '@dl/tensor';
import { dtypes } from '@dl/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceFromReference } from '../testing/differenceFromReference.ts';
import { elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';

const engines = await openEngines();

describe.each(engines)('on $title', ({ engine }) => {
  it('permutes any dims of any tensor', () => {
    fc.assert(
      fc.property(permutations(), fc.constantFrom(...dtypes), ({ shape, dims }, dtype) => {
        expect(differenceFromReference(engine, { primitive: 'permute', inputs: [elements(shape, dtype)], params: { dims } })).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { shape: [257, 130], dims: [1, 0] },
    { shape: [3, 700], dims: [1, 0] },
    { shape: [20_000, 3], dims: [1, 0] },
    { shape: [4, 33, 5, 70], dims: [0, 2, 3, 1] },
    { shape: [40, 3, 50, 7], dims: [2, 0, 3, 1] },
    { shape: [65, 40, 20], dims: [1, 0, 2] },
    { shape: [30, 20, 40, 4], dims: [3, 2, 1, 0] },
  ])('permutes $shape to the order $dims, which takes more than a piece', ({ shape, dims }) => {
    for (const dtype of dtypes)
      expect(differenceFromReference(engine, { primitive: 'permute', inputs: [elements(shape, dtype)], params: { dims } })).toBeNull();
  });

  it('expands any dims of size 1, and adds dims in front', () => {
    fc.assert(
      fc.property(
        shapes(),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        fc.nat(2),
        fc.constantFrom(...dtypes),
        (shape, repeats, added, dtype) => {
          const from = shape.map((size, dim) => (repeats[dim] ? 1 : size)).slice(Math.min(added, leadingRepeats(repeats, shape.length)));
          expect(differenceFromReference(engine, { primitive: 'expand', inputs: [elements(from, dtype)], params: { shape } })).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
    for (const [from, shape] of [
      [
        [1, 70],
        [1000, 70],
      ],
      [
        [1000, 1],
        [1000, 70],
      ],
      [
        [30, 1, 40, 1],
        [30, 20, 40, 3],
      ],
    ] as const)
      expect(differenceFromReference(engine, { primitive: 'expand', inputs: [elements(from, 'float32')], params: { shape } })).toBeNull();
  });

  it('slices what pads put there, with steps of any sign', () => {
    fc.assert(
      fc.property(windows(), fc.constantFrom(...dtypes), ({ shape, lengths, steps, starts }, dtype) => {
        const slice = { primitive: 'slice', inputs: [elements(shape, dtype)], params: { shape: lengths, steps }, scalars: starts } as const;
        const pad = { primitive: 'pad', inputs: [elements(lengths, dtype)], params: { shape, steps }, scalars: starts } as const;
        expect([differenceFromReference(engine, slice), differenceFromReference(engine, pad)]).toEqual([null, null]);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    { shape: [300, 400], lengths: [150, 100], steps: [2, -3], starts: [1, 350] },
    { shape: [300, 400], lengths: [200, 400], steps: [1, 1], starts: [70, 0] },
    { shape: [100_000], lengths: [33_000], steps: [3], starts: [2] },
    { shape: [100_000], lengths: [90_000], steps: [-1], starts: [95_000] },
    { shape: [30, 4, 50, 40], lengths: [30, 4, 40, 33], steps: [1, 1, 1, 1], starts: [0, 0, 5, 7] },
    { shape: [30_001, 4], lengths: [29_000, 2], steps: [1, 1], starts: [700, 1] },
    { shape: [9001, 3, 5], lengths: [3000, 3, 4], steps: [3, -1, 1], starts: [2, 2, 1] },
  ])('slices $lengths of $shape and pads back, which takes more than a piece', ({ shape, lengths, steps, starts }) => {
    const slice = { primitive: 'slice', inputs: [elements(shape, 'float32')], params: { shape: lengths, steps }, scalars: starts } as const;
    const pad = { primitive: 'pad', inputs: [elements(lengths, 'float32')], params: { shape, steps }, scalars: starts } as const;
    expect([differenceFromReference(engine, slice), differenceFromReference(engine, pad)]).toEqual([null, null]);
  });

  it('joins any number of tensors along any dim', () => {
    const sizes = fc.oneof(fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }), fc.array(fc.nat(2), { minLength: 300, maxLength: 400 }));
    fc.assert(
      fc.property(shapes(1), fc.nat(4), sizes, fc.constantFrom(...dtypes), (shape, at, parts, dtype) => {
        const dim = at % shape.length;
        const inputs = parts.map((size, i) => elements(shape.with(dim, size), dtype, i + 1));
        expect(differenceFromReference(engine, { primitive: 'cat', inputs, params: { dim } })).toBeNull();
      }),
      { numRuns: 100 },
    );
    const inputs = [elements([200, 100], 'float32'), elements([200, 1], 'float32', 2), elements([200, 150], 'float32', 3)];
    expect(differenceFromReference(engine, { primitive: 'cat', inputs, params: { dim: 1 } })).toBeNull();
  });

  it.each([
    [1, 1],
    [2, 2, 2],
    [4, 8],
    [3, 0, 5, 16],
    [100, 28],
  ])('joins 20,001 narrow rows of %j elements', (...widths) => {
    for (const dtype of dtypes) {
      const inputs = widths.map((width, i) => elements([20_001, width], dtype, i + 1));
      expect(differenceFromReference(engine, { primitive: 'cat', inputs, params: { dim: 1 } })).toBeNull();
    }
  });

  it('copies what a plan cannot alias', () => {
    for (const dtype of dtypes) {
      expect(differenceFromReference(engine, { primitive: 'detach', inputs: [elements([70_001], dtype)] })).toBeNull();
      expect(
        differenceFromReference(engine, { primitive: 'reshape', inputs: [elements([6, 35], dtype)], params: { shape: [14, 15] } }),
      ).toBeNull();
    }
  });
});

function shapes(minLength = 0): fc.Arbitrary<Shape & number[]> {
  return fc.array(fc.integer({ min: 0, max: 6 }), { minLength, maxLength: 5 });
}

function permutations(): fc.Arbitrary<{ readonly shape: Shape; readonly dims: readonly number[] }> {
  return shapes().chain((shape) => {
    const dims = shape.map((_, dim) => dim);
    return fc.shuffledSubarray(dims, { minLength: dims.length }).map((order) => ({ shape, dims: order }));
  });
}

/** How many of the first dims are repeated. */
function leadingRepeats(repeats: readonly boolean[], rank: number): number {
  const first = repeats.slice(0, rank).indexOf(false);
  return first === -1 ? rank : first;
}

/** A part of each dim of a shape. */
interface Windows {
  readonly shape: Shape;
  readonly lengths: Shape;
  readonly steps: readonly number[];
  readonly starts: readonly number[];
}

function windows(): fc.Arbitrary<Windows> {
  const step = fc.constantFrom(1, 1, 1, 2, 3, -1, -2);
  const dim = fc.record({ length: fc.nat(5), step, before: fc.nat(2), after: fc.nat(2) }).map(({ length, step: by, before, after }) => {
    const span = Math.max(0, length - 1) * Math.abs(by);
    return { size: before + span + Math.min(length, 1) + after, length, step: by, start: by > 0 ? before : before + span };
  });
  return fc.array(dim, { maxLength: 4 }).map((dims) => ({
    shape: dims.map(({ size }) => size),
    lengths: dims.map(({ length }) => length),
    steps: dims.map(({ step: by }) => by),
    starts: dims.map(({ start }) => start),
  }));
}
