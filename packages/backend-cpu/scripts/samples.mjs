// Runs the samples table on the native variants that this processor has, or that the arguments name, against the reference; exits 1 where they
// differ, or where no variant runs. The release bundles it, and runs it on every platform that it can.
import { reference, useBackend } from '@dl/tensor';
import { difference, primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { cpu } from '../src/cpu.ts';

/** Sums are taken in float32, in another order than the reference's. */
const defaultTolerance = 1e-6;

const known = /** @type {const} */ (['avx512', 'avx2', 'neon']);
const named = /** @type {(typeof known)[number][]} */ (process.argv.slice(2));
const outcomes = [];
for (const variant of named.length > 0 ? named : known) outcomes.push(await check(variant));
for (const outcome of outcomes) process.stdout.write(`${outcome.text}\n`);
const isSound = outcomes.some(({ ran }) => ran) && outcomes.every(({ ran, failures }) => failures === 0 && (ran || named.length === 0));
process.exitCode = isSound ? 0 : 1;

/** @param {(typeof known)[number]} variant */
async function check(variant) {
  try {
    const backend = await cpu({ engine: 'native', variant });
    const failures = await failuresOn(backend);
    const lines = [...failures, `${primitiveNames.length} primitives on ${backend.description}: ${failures.length} differences`];
    return { ran: true, failures: failures.length, text: lines.join('\n') };
  } catch (error) {
    return { ran: false, failures: 0, text: String(error) };
  }
}

async function failuresOn(/** @type {import('@dl/tensor').Backend} */ backend) {
  /** @type {string[]} */
  const failures = [];
  for (const primitive of primitiveNames) {
    for (const sample of samplesOf(primitive)) {
      const expected = await outputsOf(reference(), primitive, sample);
      const actual = await outputsOf(backend, primitive, sample).catch(String);
      const found =
        typeof actual === 'string' ? [actual] : differences(actual, expected, Math.max(sample.tolerance ?? 0, defaultTolerance));
      failures.push(...found.map((text) => `${primitive}, ${sample.title}: ${text}`));
    }
  }
  return failures;
}

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
