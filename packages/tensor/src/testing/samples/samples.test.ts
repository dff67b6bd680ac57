import { describe, expect, it } from 'vitest';
import { inferSpecs } from '../../apply.ts';
import { allocate, dtypeOf } from '../../dtype.ts';
import { dataSync } from '../../evaluation/evaluate.ts';
import type { PrimitiveName } from '../../primitives/signatures.ts';
import type { Operand } from '../../primitives/tables.ts';
import { referenceKernels } from '../../reference/index.ts';
import { sizeOf, type TensorSpec } from '../../shape.ts';
import { type AnySample, primitiveNames, runSample, samplesOf } from '../runSample.ts';
import { typedArrayOf } from '../tensorOf.ts';

type AnyKernel = (outputs: readonly Operand[], inputs: readonly Operand[], params: object, scalars: readonly number[]) => void;

function specsOf(primitive: PrimitiveName, { inputs, params }: AnySample): readonly TensorSpec[] {
  const inferred = inferSpecs(primitive, inputs, params);
  return 'dtype' in inferred ? [inferred] : inferred;
}

/** What a kernel leaves in memory that held something else before. */
function runOver(garbage: number, primitive: PrimitiveName, sample: AnySample) {
  const kernel = referenceKernels[primitive] as AnyKernel;
  const outputs = specsOf(primitive, sample).map(({ dtype, shape }) => ({ data: allocate(dtype, sizeOf(shape)).fill(garbage), shape }));
  const inputs = sample.inputs.map((input) => ({ data: typedArrayOf(input), shape: input.shape }));
  kernel(outputs, inputs, sample.params, sample.scalars);
  return outputs.map(({ data }) => data);
}

describe.each(primitiveNames)('the samples of %s', (primitive) => {
  const samples = samplesOf(primitive);

  it('have titles of their own, and as many numbers as their shapes say', () => {
    expect(new Set(samples.map(({ title }) => title)).size).toBe(samples.length);
    for (const { inputs, title } of samples) for (const { data, shape } of inputs) expect(data.length, title).toBe(sizeOf(shape));
  });

  it('give outputs of the inferred dtypes and sizes', () => {
    for (const sample of samples) {
      const stored = specsOf(primitive, sample).map(({ dtype, shape }) => [dtype === 'bool' ? 'uint8' : dtype, sizeOf(shape)]);
      const outputs = runSample(primitive, sample).map(dataSync);
      expect(
        outputs.map((data) => [dtypeOf(data), data.length]),
        sample.title,
      ).toEqual(stored);
    }
  });

  it('have every element of their outputs written by the reference kernel', () => {
    for (const sample of samples) expect(runOver(77, primitive, sample), sample.title).toEqual(runOver(11, primitive, sample));
  });
});
