import { evaluate, maxPool2d, randn, reference, useBackend } from '@dl/tensor';
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
});

async function resultsOf(pool: () => ReturnType<typeof apply<'maxPool'>>) {
  return Promise.all(pool().map((output) => output.data()));
}
