// Every primitive's gradient and second gradient, against slopes measured in float64, at every sample of it;
// of inputs with more than 24 elements, at 24 of them.
import type { Tensor } from '@dl/tensor';
import { isFloating, type PrimitiveName, type SampleInput } from '@dl/tensor/internal';
import { type AnySample, primitiveNames, runSample, samplesOf, tensorOf } from '@dl/tensor/testing';
import { describe, expect, test } from 'vitest';
import { checkGradients } from '../checkGradients.ts';
import { vjpRules } from './index.ts';

/** Quotients that are no whole numbers. */
const awayFromJumps: AnySample = {
  title: 'away from the jumps',
  inputs: [
    { shape: [2, 2], dtype: 'float64', data: [5.5, -5.5, 7.3, -0.2] },
    { shape: [2], dtype: 'float64', data: [2, -2.3] },
  ],
  params: {},
  scalars: [],
};
const moreSamples: { readonly [N in PrimitiveName]?: readonly AnySample[] } = {
  floorDivide: [awayFromJumps],
  remainder: [awayFromJumps],
  fmod: [awayFromJumps],
};

/** A primitive as a function of those inputs that a sample's gradient is checked for. */
function functionOf(primitive: PrimitiveName, sample: AnySample, chosen: readonly number[]): (...xs: Tensor[]) => readonly Tensor[] {
  const fixed = sample.inputs.map((input) => tensorOf(precise(input)));
  const preciseSample = { ...sample, params: precise(sample.params) };
  return (...xs) =>
    runSample(
      primitive,
      preciseSample,
      fixed.map((x, i) => xs[chosen.indexOf(i)] ?? x),
    );
}

/** In float64: the rounding of float32 would drown the slopes. */
function precise<T extends object>(spec: T): T {
  return 'dtype' in spec && spec.dtype === 'float32' ? { ...spec, dtype: 'float64' } : spec;
}

/** The inputs that a sample's gradient is checked for: finite numbers; none if nothing floating comes out. */
function checkedInputs(primitive: PrimitiveName, sample: AnySample): readonly number[] {
  const floating = sample.inputs.flatMap(({ dtype, data }, i) => (isFloating(dtype) && data.every(Number.isFinite) ? [i] : []));
  const outputs = functionOf(primitive, sample, [])();
  return outputs.some(({ dtype }) => isFloating(dtype)) ? (sample.differentiable ?? floating) : [];
}

describe.each(primitiveNames)('%s', (primitive) => {
  const samples = [...samplesOf(primitive), ...(moreSamples[primitive] ?? [])];
  const points = samples.map((sample) => ({ title: sample.title, sample, chosen: checkedInputs(primitive, sample) }));
  const checkable = points.filter(({ chosen }) => chosen.length > 0);

  if (vjpRules[primitive] === 'notDifferentiable') {
    test('says that it has no gradient, and its samples agree', () => {
      expect(points.length).toBeGreaterThan(0);
      expect(checkable).toEqual([]);
    });
    return;
  }

  test('has a sample at which its gradient can be checked', () => {
    expect(checkable.length).toBeGreaterThan(0);
  });

  test.each(checkable)('$title', async ({ sample, chosen }) => {
    const point = chosen.map((i) => tensorOf(precise(sample.inputs[i] as SampleInput)));
    await checkGradients(functionOf(primitive, sample, chosen), point, { order: 2, elements: 24 });
  });
});
