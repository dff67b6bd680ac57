import { type DType, IndexError, type Shape, type TypedArray, tensor, useBackend } from '@dl/tensor';
import { apply, inferSpecs, type SampleInput, sizeOf } from '@dl/tensor/internal';
import { given, noise, typedArrayOf } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open.ts';
import { type Applied, differenceFromReference } from '../testing/differenceFromReference.ts';
import type { Elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';
import { openVariants } from '../testing/openVariants.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { encode } from './index.ts';

const engines = await openEngines();
const variants = await openVariants();
const along = ['softmax', 'logSoftmax', 'softmaxGradient', 'logSoftmaxGradient'] as const;
const floats = ['float32', 'float64'] as const;

/** Sums of float32 products. */
const tolerance = 1e-5;

describe.each(engines)('on $title', ({ engine }) => {
  it.each(along)('%s along any dim of any tensor', (name) => {
    fc.assert(
      fc.property(shapes(), fc.constantFrom(...floats), fc.nat(4), (shape, dtype, dim) => {
        expect(found(engine, lines(name, shape, dim % shape.length, dtype))).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it.each(along)('%s along long lines, and many', (name) => {
    for (const [shape, dim] of [
      [[3, 10_007], 1],
      [[3001, 10], 1],
      [[300, 70], 0],
      [[5, 40, 333], 1],
    ] as const) {
      expect(found(engine, lines(name, shape, dim, 'float32')), `${shape}`).toBeNull();
    }
  });

  it('crossEntropy and its gradient over any rows', () => {
    fc.assert(
      fc.property(
        fc.nat(70),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom(...floats),
        fc.constantFrom('int32', 'uint8'),
        (...sizes) => {
          expect(labelled(...sizes).map((one) => found(engine, one))).toEqual([null, null]);
        },
      ),
      { numRuns: 60 },
    );
    expect(labelled(3000, 11, 'float32', 'int32').map((one) => found(engine, one))).toEqual([null, null]);
  });

  it('layerNorm and its gradient over rows of any width', () => {
    const sizes = [
      [1, 1],
      [7, 5],
      [3, 16],
      [40, 31],
      [130, 33],
      [70, 256],
      [5, 3000],
      [2000, 24],
      [3, 40_000],
    ] as const;
    for (const [rows, width] of sizes) {
      for (const dtype of floats) {
        expect(
          layer(rows, width, dtype).map((one) => found(engine, one)),
          `[${rows}, ${width}]`,
        ).toEqual([null, null]);
      }
    }
  });

  it('batchNorm and its gradient over planes of any size', () => {
    const shapes = [
      [1, 3],
      [65, 3],
      [200, 300],
      [70, 5, 3],
      [9, 40, 4, 4],
      [3, 5, 1, 15],
      [30, 7, 13, 11],
      [2, 2, 131, 129],
      [5, 1, 16],
    ];
    for (const shape of shapes) {
      for (const dtype of floats)
        expect(
          batch(shape, dtype).map((one) => found(engine, one)),
          `${shape}`,
        ).toEqual([null, null]);
    }
  });

  it('variance keeps its digits far from zero', () => {
    for (const shape of [
      [64, 4],
      [8, 3, 7, 7],
    ]) {
      const x = operand(noise(shape, { least: 9999, most: 10_001 }));
      const one = { primitive: 'batchNorm', inputs: [x, ...affine(shape.slice(1, 2), 'float32')], params: {}, scalars: [1e-5] } as const;
      expect(found(engine, one)).toBeNull();
    }
  });

  it('computes only what somebody reads', () => {
    for (const one of [...layer(70, 20, 'float32'), ...batch([70, 6], 'float32'), ...batch([4, 6, 5, 5], 'float32')]) {
      for (const unread of [[0], [1], [2], [0, 1], [1, 2], [0, 2]]) expect(found(engine, { ...one, unread }), one.primitive).toBeNull();
    }
  });
});

describe.each(variants)('on $title', ({ backend }) => {
  it('names a label that is none of the classes', async () => {
    useBackend(backend);
    // Computed, so that only the kernel sees them.
    const labels = tensor([0, 1, 2], { dtype: 'int32' }).add(1);
    const logits = tensor([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const gradient = tensor([1, 1, 1]);
    const params = { ignoreIndex: -100 };
    const message = 'label 3 at position 2 is out of range for 3 classes';
    await expect(apply('crossEntropy', [logits, labels], params, []).data()).rejects.toThrow(new IndexError(`crossEntropy: ${message}`));
    const slopes = apply('crossEntropyGradient', [gradient, logits, labels], params, []);
    await expect(slopes.data()).rejects.toThrow(new IndexError(`crossEntropyGradient: ${message}`));
  });
});

it('gives the same bits for any number of threads', async () => {
  const variant = engines[0]?.engine.variant as 'avx2' | undefined;
  const opened = await Promise.all([1, 2, 3].map((threads) => openEngine({ variant, threads })));
  const cases = [...layer(700, 100, 'float32'), ...batch([300, 70], 'float32'), ...batch([30, 7, 13, 11], 'float32')];
  for (const one of [...cases, ...labelled(3000, 11, 'float32', 'int32'), lines('softmax', [3001, 10], 1, 'float32')]) {
    const [alone, ...others] = opened.map(({ engine }) => run(engine, one));
    for (const other of others) expect(other, one.primitive).toEqual(alone);
  }
});

function shapes(): fc.Arbitrary<Shape> {
  const size = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constantFrom(0, 16, 33, 70));
  return fc.array(size, { minLength: 1, maxLength: 4 }).filter((shape) => sizeOf(shape) < 5000);
}

/** The output of a gradient: probabilities, or their logarithms. */
function lines(name: (typeof along)[number], shape: Shape, dim: number, dtype: 'float32' | 'float64'): Applied {
  const x = operand(noise(shape, { dtype }));
  const average = 1 / Math.max(1, shape[dim] ?? 1);
  const probabilities = operand(noise(shape, { dtype, least: average / 2, most: average * 2, seed: 2 }));
  const logarithms = { ...probabilities, data: probabilities.data.map(Math.log) };
  const outputs = { softmax: [], logSoftmax: [], softmaxGradient: [probabilities], logSoftmaxGradient: [logarithms] };
  return { primitive: name, inputs: [x, ...outputs[name]], params: { dim }, scalars: [] };
}

function labelled(rows: number, classes: number, dtype: 'float32' | 'float64', labels: DType): Applied[] {
  const logits = operand(noise([rows, classes], { dtype }));
  const gradient = operand(noise([rows], { dtype, seed: 2 }));
  const ignoreIndex = labels === 'uint8' ? 0 : -100;
  const numbers = Array.from({ length: rows }, (_, i) => (i % 5 === 3 ? ignoreIndex : (i * 7) % classes));
  const label = operand(given([rows], numbers, labels));
  return [
    { primitive: 'crossEntropy', inputs: [logits, label], params: { ignoreIndex }, scalars: [] },
    { primitive: 'crossEntropyGradient', inputs: [gradient, logits, label], params: { ignoreIndex }, scalars: [] },
  ];
}

function layer(rows: number, width: number, dtype: 'float32' | 'float64'): Applied[] {
  const [x, gradient] = positive([rows, width], dtype);
  const [weight, bias] = affine([width], dtype);
  const statistics = [
    operand(noise([rows, 1], { dtype, least: -0.5, most: 0.5 })),
    operand(noise([rows, 1], { dtype, least: 0.5, most: 1 })),
  ];
  return [
    { primitive: 'layerNorm', inputs: [x, weight, bias], params: { dims: 1 }, scalars: [0.01] },
    { primitive: 'layerNormGradient', inputs: [gradient, x, weight, ...statistics], params: { dims: 1 }, scalars: [] },
  ];
}

function batch(shape: Shape, dtype: 'float32' | 'float64'): Applied[] {
  const [x, gradient] = positive(shape, dtype);
  const channels = shape.slice(1, 2);
  const [weight, bias] = affine(channels, dtype);
  const statistics = [operand(noise(channels, { dtype, least: -0.5, most: 0.5 })), operand(noise(channels, { dtype, least: 1, most: 2 }))];
  return [
    { primitive: 'batchNorm', inputs: [x, weight, bias], params: {}, scalars: [0.01] },
    { primitive: 'batchNormGradient', inputs: [gradient, x, weight, ...statistics], params: {}, scalars: [0.01] },
  ];
}

/** What is normalised, and a gradient: sums of their products do not cancel. */
function positive(shape: Shape, dtype: 'float32' | 'float64'): [Elements, Elements] {
  return [operand(noise(shape, { dtype, least: 0, most: 4 })), operand(noise(shape, { dtype, least: 0, most: 1, seed: 2 }))];
}

function affine(shape: Shape, dtype: 'float32' | 'float64'): [Elements, Elements] {
  return [operand(noise(shape, { dtype, least: 0.5, most: 1.5, seed: 3 })), operand(noise(shape, { dtype, seed: 4 }))];
}

function operand(input: SampleInput): Elements {
  return { ...input, data: typedArrayOf(input) };
}

function found(engine: Engine, one: Applied): string | null {
  return differenceFromReference(engine, one, tolerance);
}

function run(engine: Engine, { primitive, inputs, params = {}, scalars = [] }: Applied): readonly TypedArray[] {
  const outputs = [inferSpecs(primitive, inputs, params)].flat();
  return runEncoding(engine, encode(primitive, { inputs, outputs, params }), { inputs: inputs.map(({ data }) => data), outputs, scalars });
}
