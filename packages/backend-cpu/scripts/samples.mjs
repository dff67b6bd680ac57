// Runs the samples table on one native variant, in one thread, against the reference; exits 1 where they differ. Bundled by sanitize.mjs.
import { reference, useBackend } from '@dl/tensor';
import { difference, primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { cpu } from '../src/cpu.ts';

/** Sums are taken in float32, in another order than the reference's. */
const defaultTolerance = 1e-6;

const backend = await cpu({ engine: 'native', variant: 'avx2', threads: 1 });
/** @type {string[]} */
const failures = [];
for (const primitive of primitiveNames) {
  for (const sample of samplesOf(primitive)) {
    const expected = await outputsOf(reference(), primitive, sample);
    const actual = await outputsOf(backend, primitive, sample).catch(String);
    const found = typeof actual === 'string' ? [actual] : differences(actual, expected, Math.max(sample.tolerance ?? 0, defaultTolerance));
    failures.push(...found.map((text) => `${primitive}, ${sample.title}: ${text}`));
  }
}
for (const failure of failures) console.error(failure);
process.stdout.write(`${primitiveNames.length} primitives on ${backend.description}: ${failures.length} differences\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @param {import('@dl/tensor').Backend} on @param {(typeof primitiveNames)[number]} primitive @param {ReturnType<typeof samplesOf>[number]} sample */
async function outputsOf(on, primitive, sample) {
  useBackend(on);
  return Promise.all(runSample(primitive, sample).map((output) => output.data()));
}

/** @typedef {import('@dl/tensor').TypedArray} TypedArray */

/** @param {readonly TypedArray[]} actual @param {readonly TypedArray[]} expected @param {number} tolerance */
function differences(actual, expected, tolerance) {
  return expected.map((array, i) => difference(actual[i] ?? [], array, tolerance)).filter((place) => place !== null);
}
