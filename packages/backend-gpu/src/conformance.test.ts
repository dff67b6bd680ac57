import { BackendError, DTypeError, reference, type TypedArray, useBackend } from '@dl/tensor';
import type { PrimitiveName } from '@dl/tensor/internal';
import { type AnySample, difference, primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { exactLimit } from './engine.ts';
import type { GpuMode } from './gpujs.ts';
import { openModes } from './testing/openModes.ts';

const modes = await openModes(process.env.DL_REQUIRE_WEBGPU === '1', console.warn);

/** Everything is float32 and computed in float32, sums too; the reference sums in double precision. */
const defaultTolerance = 1e-6;
const tolerances: Partial<Record<PrimitiveName, number>> = {
  // As decomposed: the mean far from zero is rounded before it is subtracted, and the variance divides by it.
  batchNorm: 1e-5,
};

/** Elements of samples that may differ, and why. */
interface Exception {
  readonly modes: readonly GpuMode[];
  readonly primitive: PrimitiveName;
  readonly title: string;
  readonly elements: readonly number[];
}
/** The processor's sine takes any argument; a GPU's is good to a few turns, and ours to 65,536. The element is -3e38. */
const farOut = (primitive: PrimitiveName): Exception => ({ modes: ['webgpu'], primitive, title: 'special values', elements: [6] });
const exceptions: readonly Exception[] = [
  farOut('sin'),
  farOut('cos'),
  farOut('tan'),
  // Integers beyond 2^24 are rounded, and do not wrap at 2^32.
  { modes: ['webasm', 'webgpu'], primitive: 'prod', title: 'int32 beyond its range', elements: [0] },
];

describe.each(modes)('in mode $mode', ({ mode, open }) => {
  const opening = open();
  it.each(primitiveNames)('%s agrees with the reference in every sample', async (primitive) => {
    const backend = await opening;
    const failures: string[] = [];
    for (const sample of samplesOf(primitive)) {
      useBackend(backend);
      const refused = refusalOf(sample);
      const outcome = await outputsOf(primitive, sample).catch((error: unknown) => error);
      if (refused !== null) {
        if (!(outcome instanceof refused)) failures.push(`${sample.title}: should have been refused with a ${refused.name}`);
        continue;
      }
      useBackend(reference());
      const expected = await outputsOf(primitive, sample);
      const found =
        outcome instanceof Error ? String(outcome) : compare(outcome as readonly TypedArray[], expected, sample, primitive, mode);
      if (found !== null) failures.push(`${sample.title}: ${found}`);
    }
    expect(failures).toEqual([]);
  });
});

it('every exception is of a sample that exists', () => {
  const missing = exceptions.filter(({ primitive, title }) => !samplesOf(primitive).some((sample) => sample.title === title));
  expect(missing).toEqual([]);
});

async function outputsOf(primitive: PrimitiveName, sample: AnySample): Promise<readonly TypedArray[]> {
  return Promise.all(runSample(primitive, sample).map((output) => output.data()));
}

/** The error with which the backend has to refuse a sample, if it has to. */
function refusalOf({ inputs, params }: AnySample): typeof DTypeError | typeof BackendError | null {
  if (inputs.some(({ dtype }) => dtype === 'float64') || ('dtype' in params && params.dtype === 'float64')) return DTypeError;
  const isTooGreat = inputs.some(({ dtype, data }) => dtype === 'int32' && data.some((value) => Math.abs(value) > exactLimit));
  return isTooGreat ? BackendError : null;
}

function compare(
  actual: readonly TypedArray[],
  expected: readonly TypedArray[],
  sample: AnySample,
  primitive: PrimitiveName,
  mode: GpuMode,
): string | null {
  const tolerance = Math.max(sample.tolerance ?? 0, tolerances[primitive] ?? defaultTolerance);
  const exception = exceptions.find((other) => other.primitive === primitive && other.title === sample.title && other.modes.includes(mode));
  for (const [i, array] of expected.entries()) {
    const own = actual[i];
    if (own?.constructor !== array.constructor) return `output ${i} is a ${own?.constructor.name}, not a ${array.constructor.name}`;
    const kept = (elements: TypedArray) => Array.from(elements).filter((_, place) => !exception?.elements.includes(place));
    const found = difference(kept(own), kept(array), tolerance);
    if (found !== null) return `output ${i}, ${found}`;
  }
  return null;
}
