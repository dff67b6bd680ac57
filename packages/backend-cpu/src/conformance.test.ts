import { reference, type TypedArray, useBackend } from '@dl/tensor';
import type { PrimitiveName } from '@dl/tensor/internal';
import { type AnySample, difference, primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { openVariants } from './testing/openVariants.ts';

const variants = await openVariants();

/** Sums are taken in float32, in another order than the reference's. */
const defaultTolerance = 1e-6;

describe.each(variants)('on $title', ({ backend }) => {
  it.each(primitiveNames)('%s agrees with the reference in every sample', async (primitive) => {
    const failures: string[] = [];
    for (const sample of samplesOf(primitive)) {
      useBackend(reference());
      const expected = await outputsOf(primitive, sample);
      useBackend(backend);
      const actual = await outputsOf(primitive, sample).catch((error: unknown) => String(error));
      const found = typeof actual === 'string' ? actual : compare(actual, expected, sample);
      if (found !== null) failures.push(`${sample.title}: ${found}`);
    }
    expect(failures).toEqual([]);
  });
});

async function outputsOf(primitive: PrimitiveName, sample: AnySample): Promise<readonly TypedArray[]> {
  return Promise.all(runSample(primitive, sample).map((output) => output.data()));
}

function compare(actual: readonly TypedArray[], expected: readonly TypedArray[], sample: AnySample): string | null {
  for (const [i, array] of expected.entries()) {
    const own = actual[i];
    if (own?.constructor !== array.constructor) return `output ${i} is a ${own?.constructor.name}, not a ${array.constructor.name}`;
    const found = difference(own, array, Math.max(sample.tolerance ?? 0, defaultTolerance));
    if (found !== null) return `output ${i}, ${found}`;
  }
  return null;
}
