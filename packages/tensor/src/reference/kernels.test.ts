import { describe, expect, it } from 'vitest';
import { inferSpecs } from '../apply.ts';
import { allocate } from '../dtype.ts';
import { inPlace } from '../primitives/properties.ts';
import type { PrimitiveName } from '../primitives/signatures.ts';
import type { Operand } from '../primitives/tables.ts';
import { sameShape, sizeOf } from '../shape.ts';
import { type AnySample, primitiveNames, samplesOf } from '../testing/runSample.ts';
import { typedArrayOf } from '../testing/tensorOf.ts';
import { referenceKernels } from './index.ts';

type Kernel = (outputs: readonly Operand[], inputs: readonly Operand[], params: object, scalars: readonly number[]) => void;

describe('reference kernels', () => {
  for (const name of primitiveNames) {
    it(`${name} writes every element of its outputs, whatever was there, and none of its inputs`, () => {
      for (const sample of samplesOf(name)) {
        const inputs = inputsOf(sample);
        expect(run(name, sample, inputs, 1), sample.title).toEqual(run(name, sample, inputs, 0));
        expect(inputs, sample.title).toEqual(inputsOf(sample));
      }
    });
  }

  for (const name of inPlace) {
    it(`${name} can write over each input that an output is like`, () => {
      for (const sample of samplesOf(name)) checkInPlace(name, sample);
    });
  }
});

function inputsOf({ inputs }: AnySample): Operand[] {
  return inputs.map((input) => ({ data: typedArrayOf(input), shape: input.shape }));
}

function emptyOutputs(name: PrimitiveName, { inputs, params }: AnySample, fill: number) {
  const specs = inferSpecs(name, inputs, params);
  return ('dtype' in specs ? [specs] : specs).map(({ shape, dtype }) => ({
    data: allocate(dtype, sizeOf(shape)).fill(fill),
    shape,
    dtype,
  }));
}

function run(name: PrimitiveName, { inputs, params, scalars }: AnySample, operands: readonly Operand[], fill: number): readonly Operand[] {
  const outputs = emptyOutputs(name, { title: '', inputs, params, scalars }, fill);
  (referenceKernels[name] as Kernel)(outputs, operands, params, scalars);
  return outputs;
}

/** Output i over the one input of its shape and dtype that belongs to it: of the same place for an update's state, any for the rest. */
function checkInPlace(name: PrimitiveName, sample: AnySample): void {
  const expected = run(name, sample, inputsOf(sample), 0);
  const outputs = emptyOutputs(name, sample, 0);
  const candidates = sample.inputs.map((_, i) => i).filter((i) => outputs.length === 1 || i !== 1);
  const shared = outputs.length === 1 ? candidates.map((i) => [i]) : [candidates];
  for (const places of shared) {
    const inputs = inputsOf(sample);
    const fits = places.every((place, i) => isLike(sample, place, outputs[i]));
    if (!fits) continue;
    const targets = places.map((place) => inputs[place] as Operand);
    (referenceKernels[name] as Kernel)(targets, inputs, sample.params, sample.scalars);
    expect(targets.map(({ data }) => data)).toEqual(expected.map(({ data }) => data));
  }
}

function isLike(
  { inputs }: AnySample,
  place: number,
  output: { readonly shape: readonly number[]; readonly dtype: string } | undefined,
): boolean {
  const input = inputs[place];
  return input !== undefined && output !== undefined && input.dtype === output.dtype && sameShape(input.shape, output.shape);
}
