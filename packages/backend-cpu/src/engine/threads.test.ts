import { manualSeed, randn, type Tensor, useBackend } from '@dl/tensor';
import { describe, expect, it } from 'vitest';
import { cpu } from '../cpu.ts';

const backends = await Promise.all([1, 2, 3, 7].map((threads) => cpu({ engine: 'native', threads })));

/** Large enough for many pieces, with sizes that divide nothing. */
const programs: Readonly<Record<string, () => Tensor>> = {
  'a matrix product': () => randn([301, 517]).matmul(randn([517, 203])),
  'a sum of everything': () => randn([1003, 517]).sum(),
  'sums over rows and columns': () => {
    const x = randn([1003, 517]);
    return x
      .sum({ dim: 0 })
      .sum()
      .add(x.sum({ dim: 1 }).exp().mean());
  },
  'a softmax': () => randn([301, 1009]).softmax(1),
  'a chain of elementwise steps': () => randn([700, 333]).mul(2).tanh().add(1).exp(),
};

describe('with 1, 2, 3 and 7 threads', () => {
  it.each(Object.entries(programs))('%s has the same bits', async (_, program) => {
    const results = [];
    for (const backend of backends) {
      useBackend(backend);
      manualSeed(1);
      results.push(await program().data());
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
});
