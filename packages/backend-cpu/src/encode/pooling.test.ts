import { evaluate, maxPool2d, randn, reference, type Tensor, tensor, useBackend } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openVariants } from '../testing/openVariants.ts';

const variants = await openVariants();
const halves = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false };

describe.each(variants)('pooling on $title', ({ backend }) => {
  it('takes the greatest of 2 × 2 in planes of any size, whichever of the results is read', async () => {
    const size = fc.integer({ min: 2, max: 70 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 1, max: 5 }), async (height, width, planes) => {
        useBackend(reference());
        const x = randn([planes, 2, height, width]);
        await evaluate(x);
        const expected = await resultsOf(() => apply('maxPool', [x], halves, []));
        useBackend(backend);
        const here = await x.to(backend);
        const both = await resultsOf(() => apply('maxPool', [here], halves, []));
        const values = await maxPool2d(here, 2).data();
        const indices = await apply('maxPool', [here], halves, [])[1].data();
        expect(both).toEqual(expected);
        expect(difference(values, both[0] ?? [], 0)).toBeNull();
        expect(indices).toEqual(expected[1]);
      }),
      { numRuns: 30 },
    );
  });

  it('brings gradients back to where they came from, in planes that 2 × 2 tile or not, whatever the indices are', async () => {
    const side = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.nat({ max: 1 }), fc.nat({ max: 3 }), async (rows, columns, rest, strays) => {
        const [height, width] = [2 * rows + rest, 2 * columns];
        const indices = indicesOf(rows, columns, width).map((own, i) => (i % 7 < strays ? (i * 31) % (height * width) : own));
        useBackend(reference());
        const gradient = randn([1, 2, rows, columns]);
        const at = tensor([...indices, ...indices.toReversed()], { shape: [1, 2, rows, columns], dtype: 'int32' });
        const spread = async (g: Tensor, i: Tensor) => apply('maxPoolGradient', [g, i], { inputSize: [height, width] }, []).data();
        const expected = await spread(gradient, at);
        useBackend(backend);
        expect(difference(await spread(await gradient.to(backend), await at.to(backend)), expected, 1e-6)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });
});

/** One element of each 2 × 2, another one each time. */
function indicesOf(rows: number, columns: number, width: number): number[] {
  return Array.from({ length: rows * columns }, (_, i) => {
    const corner = 2 * Math.floor(i / columns) * width + 2 * (i % columns);
    return corner + ([0, 1, width, width + 1][(i * 5 + Math.floor(i / 3)) % 4] as number);
  });
}

async function resultsOf(pool: () => ReturnType<typeof apply<'maxPool'>>) {
  return Promise.all(pool().map((output) => output.data()));
}
