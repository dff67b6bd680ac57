import { type Backend, manualSeed, type TypedArray, useBackend } from '@dl/tensor';
import { primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { cpu } from './cpu.ts';
import { largePrograms } from './testing/largePrograms.ts';
import { openVariants } from './testing/openVariants.ts';

const threadCounts = [2, 3, 7];
const variants = (await openVariants()).filter(({ title }) => title.startsWith('native'));

describe.each(variants)('on $title, 1, 2, 3 and 7 threads give the same bits', ({ options }) => {
  it('in every sample', async () => {
    const open = (threads: number) => cpu({ ...options, threads });
    const expected = await samplesOn(await open(1));
    for (const threads of threadCounts) expect(await samplesOn(await open(threads)), `${threads} threads`).toEqual(expected);
  });

  it.each(Object.entries(largePrograms))('in %s', async (_, program) => {
    const run = async (threads: number) => {
      useBackend(await cpu({ ...options, threads }));
      manualSeed(1);
      return Promise.all(program().map((x) => x.data()));
    };
    const expected = await run(1);
    for (const threads of threadCounts) expect(bytesOf(await run(threads)), `${threads} threads`).toEqual(bytesOf(expected));
  });
});

async function samplesOn(backend: Backend): Promise<Record<string, readonly string[]>> {
  useBackend(backend);
  const results: Record<string, readonly string[]> = {};
  for (const name of primitiveNames) {
    for (const sample of samplesOf(name)) {
      results[`${name}: ${sample.title}`] = bytesOf(await Promise.all(runSample(name, sample).map((output) => output.data())));
    }
  }
  return results;
}

/** Exact, NaN and signed zeros included. */
function bytesOf(arrays: readonly TypedArray[]): string[] {
  return arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64'));
}
