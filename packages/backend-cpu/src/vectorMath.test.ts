import { referenceKernels } from '@dl/tensor/internal';
import { describe, expect, it } from 'vitest';
import type { ChainPrimitive } from './encode/chainCosts.ts';
import { elementwiseEncoders } from './encode/elementwise.ts';
import type { Engine } from './engine/engine.ts';
import { openEngines } from './testing/openEngines.ts';
import { runEncoding } from './testing/runEncoding.ts';

const engines = await openEngines();

/** Units in the last place that kernels/vectorMath.h grants each function. */
const bounds = {
  exp: 1.1,
  expm1: 1.5,
  log: 1,
  log1p: 1.6,
  tanh: 2.5,
  sigmoid: 2.5,
  erf: 1.5,
  erfc: 5,
  sin: 1.6,
  cos: 1.6,
} satisfies { readonly [N in ChainPrimitive]?: number };
type Name = keyof typeof bounds;
const names = Object.keys(bounds) as Name[];

/** Floats as evenly as their bits are, of all sizes and both signs. */
const samples = Float32Array.from(
  new Float32Array(Int32Array.from({ length: 2 ** 19 }, (_, i) => i * 8191).buffer).filter((x) => !Number.isNaN(x)),
);
const specials = Float32Array.of(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e-45, -1e-45, 3.4e38, -3.4e38);

describe.each(names)('%s', (name) => {
  const expected = exactly(name, samples);

  it.each(engines)('stays within its bound on $title', ({ engine }) => {
    expect(worst(computed(engine, name, samples), expected)).toEqual({
      error: expect.toSatisfy((error) => error <= bounds[name]),
      x: expect.anything(),
    });
  });

  it.each(engines)('has the values of C at zeros, infinities and the ends of the range on $title', ({ engine }) => {
    expect(Array.from(computed(engine, name, specials))).toEqual(Array.from(exactly(name, specials), Math.fround));
  });

  it.each(engines)('is the same at any place of an array on $title', ({ engine }) => {
    const x = samples.slice(1000, 1100);
    const alone = Float32Array.from(x, (value) => computed(engine, name, Float32Array.of(value))[0] ?? 0);
    expect(computed(engine, name, x)).toEqual(alone);
  });
});

function computed(engine: Engine, name: Name, x: Float32Array<ArrayBuffer>): Float32Array {
  const spec = { shape: [x.length], dtype: 'float32' } as const;
  const encoding = elementwiseEncoders[name]({ inputs: [spec], outputs: [spec], params: {} });
  return runEncoding(engine, encoding, { inputs: [x], outputs: [spec] })[0] as Float32Array;
}

/** In float64. */
function exactly(name: Name, x: Float32Array): Float64Array {
  const shape = [x.length];
  const out = { data: new Float64Array(x.length), shape };
  referenceKernels[name]([out], [{ data: Float64Array.from(x), shape }], {}, []);
  return out.data;
}

/** The greatest error, in units of the last place that float32 has there, and where it is. */
function worst(actual: Float32Array, expected: Float64Array): { error: number; x: number | undefined } {
  let found = { error: 0, x: samples[0] };
  expected.forEach((value, i) => {
    const error = errorOf(actual[i] ?? Number.NaN, value);
    if (!(error <= found.error)) found = { error, x: samples[i] };
  });
  return found;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function errorOf(actual: number, expected: number): number {
  float[0] = Math.abs(expected);
  const rounded = float[0];
  if (Object.is(actual, Math.fround(expected))) return 0;
  // The greatest float and infinity are one unit apart.
  if (rounded === Number.POSITIVE_INFINITY) bits[0] = (bits[0] ?? 0) - 1;
  const least = float[0];
  bits[0] = (bits[0] ?? 0) + 1;
  const unit = float[0] === Number.POSITIVE_INFINITY ? 2 ** 104 : float[0] - least;
  const finite = Number.isFinite(actual) ? actual : Math.sign(actual) * 2 ** 128;
  return Math.abs(finite - expected) / unit;
}
