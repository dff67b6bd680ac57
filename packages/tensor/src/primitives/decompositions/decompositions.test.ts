import { describe, expect, it } from 'vitest';
import { dataSync } from '../../evaluation/evaluate.ts';
import { Tensor } from '../../tensor.ts';
import { difference } from '../../testing/difference.ts';
import { type AnySample, runSample, samplesOf } from '../../testing/runSample.ts';
import { tensorOf } from '../../testing/tensorOf.ts';
import type { DecomposableName } from '../signatures.ts';
import { decompositions } from './index.ts';

const names = Object.keys(decompositions) as readonly DecomposableName[];

/** The mask of `dropout` has to be the kernel's, bit by bit. */
const exact: ReadonlySet<DecomposableName> = new Set<DecomposableName>(['dropout', 'withGradient']);

describe('decompositions', () => {
  for (const name of names) {
    describe(name, () => {
      for (const sample of samplesOf(name)) it(`equals the kernel: ${sample.title}`, () => check(name, sample));
    });
  }
});

function check(name: DecomposableName, sample: AnySample): void {
  const fused = runSample(name, sample);
  const simple = decompose(name, sample);
  expect(simple.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(fused.map(({ shape, dtype }) => ({ shape, dtype })));
  fused.forEach((output, i) => {
    const tolerance = output.dtype === 'float64' ? 1e-12 : (sample.tolerance ?? 1e-6);
    expect(difference(dataSync(simple[i] as Tensor), dataSync(output), exact.has(name) ? 0 : tolerance), `output ${i}`).toBeNull();
  });
}

function decompose(name: DecomposableName, sample: AnySample): readonly Tensor[] {
  // The rule is of this very primitive; the compiler cannot follow the correlation.
  const rule = decompositions[name];
  const result: Tensor | readonly Tensor[] = rule(sample.inputs.map(tensorOf) as never, sample.params as never, sample.scalars as never);
  return result instanceof Tensor ? [result] : result;
}
