import type { DType, Shape, TensorSpec, TypedArray } from '@dl/tensor';
import { inferSpecs, type ReductionPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngine, type Variant } from '../engine/open.ts';
import { differenceFromReference } from '../testing/differenceFromReference.ts';
import { type Elements, elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { type ChainProgram, encodeChain } from './chain.ts';
import { encode } from './index.ts';
import { type FoldName, reductionEncoding } from './reduction.ts';

const engines = await openEngines();
const folds: readonly FoldName[] = ['sum', 'prod', 'amax', 'amin'];
const positions = ['argmax', 'argmin', 'cumsum'] as const;
const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];

/** Reductions that are cut into pieces each in its own way. */
const large: readonly (readonly [shape: Shape, dims: readonly number[]])[] = [
  [[100_001], [0]],
  [[3, 70_001], [1]],
  [[70_001, 3], [0]],
  [[300, 2500], [0]],
  [[2500, 37], [1]],
  [[2, 3, 50_001], [2]],
  [[2, 50_001, 3], [1]],
  [
    [600, 2, 41],
    [0, 2],
  ],
  [
    [33, 3, 37, 35],
    [0, 2, 3],
  ],
  [
    [9, 5, 40, 70],
    [1, 3],
  ],
  [
    [9, 70, 5, 40],
    [0, 2],
  ],
  [[1000, 7, 16], [1]],
  [[2, 5000], []],
  [[2, 100_003], [0]],
];

const small: typeof large = [
  [[4, 5, 6], [1]],
  [[7], [0]],
  [[40, 3], [0]],
  [[40, 3], [1]],
];

/** Dims along which lines are long, or many. */
const lines: readonly (readonly [shape: Shape, dim: number])[] = [
  [[100_001], 0],
  [[3, 40_000], 1],
  [[700, 300], 0],
  [[700, 300], 1],
  [[2, 300, 600], 1],
];

describe.each(engines)('on $title', ({ engine }) => {
  it.each(folds)('%s over any dims of any tensor', (name) => {
    fc.assert(
      fc.property(smallCase(), ({ shape, dims, dtype, seed, keepDim }) => {
        const isNothing = (name === 'amax' || name === 'amin') && shape.includes(0);
        if (!isNothing) expect(found(engine, name, near({ shape, dtype }, name, seed), { dims, keepDim })).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it.each(folds)('%s over more elements than a piece holds', (name) => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const [shape, dims] of large)
        expect(found(engine, name, near({ shape, dtype }, name, 1), { dims, keepDim: false }), `${shape}`).toBeNull();
    }
  });

  it.each(positions)('%s along any dim of any tensor', (name) => {
    fc.assert(
      fc.property(smallCase(), ({ shape, dims: [dim = 0], dtype, seed, keepDim }) => {
        const isNothing = name !== 'cumsum' && shape[dim] === 0;
        if (!isNothing) expect(found(engine, name, near({ shape, dtype }, name, seed), { dim, keepDim })).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it.each(positions)('%s along lines and columns of more elements than a piece holds', (name) => {
    for (const [shape, dim] of lines) {
      for (const dtype of dtypes)
        expect(found(engine, name, near({ shape, dtype }, name, 1), { dim, keepDim: false }), `${shape} ${dtype}`).toBeNull();
    }
  });

  it.each(folds)('%s of a chain that is never written down', (name) => {
    for (const [shape, dims] of [...small, ...large]) {
      const spec = { shape, dtype: 'float32' } as const;
      const inputs = [near(spec, name, 1).data, near({ ...spec, shape: shape.slice(-1) }, name, 2).data] as const;
      const encoding = reductionEncoding(name, spec, dims, { inputs: 2, params: encodeChain(product(shape)) });
      const products = inputs[0].map((a, i) => a * (inputs[1][i % Math.max(1, inputs[1].length)] ?? 0));
      const expected = run(engine, name, { ...spec, data: products }, { dims, keepDim: false });
      const outputs = [inferSpecs(name, [spec], { dims, keepDim: false })].flat();
      expect(difference(runEncoding(engine, encoding, { inputs, outputs })[0] ?? [], expected, 1e-6), `${shape}`).toBeNull();
    }
  });

  it('NaN wins over every number, and the first NaN over the others', () => {
    for (const length of [1, 5, 16, 37, 100, 5000]) {
      for (const place of [0, length >> 1, length - 1]) {
        const x = elements([length], 'float32');
        x.data[place] = Number.NaN;
        x.data[length - 1] = Number.NaN;
        for (const name of ['amax', 'amin'] as const) expect(run(engine, name, x, { dims: [0], keepDim: false })[0]).toBeNaN();
        for (const name of ['argmax', 'argmin'] as const) expect(run(engine, name, x, { dim: 0, keepDim: false })[0]).toBe(place);
      }
    }
  });
});

it('gives the same bits for any number of threads', async () => {
  const variant = engines[0]?.engine.variant as Variant | undefined;
  const opened = await Promise.all([1, 2, 3].map((threads) => openEngine({ variant, threads })));
  for (const [shape, dims] of large) {
    const x = elements(shape, 'float32');
    const [one, ...others] = opened.map(({ engine }) => run(engine, 'sum', x, { dims, keepDim: false }));
    for (const other of others) expect(other, `${shape}`).toEqual(one);
  }
});

interface Case {
  readonly shape: Shape;
  readonly dims: readonly number[];
  readonly dtype: DType;
  readonly seed: number;
  readonly keepDim: boolean;
}

function smallCase(): fc.Arbitrary<Case> {
  const size = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constantFrom(0, 1, 16, 17, 40));
  return fc
    .array(size, { minLength: 1, maxLength: 5 })
    .filter((shape) => sizeOf(shape) < 20_000)
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        dims: fc.subarray([...shape.keys()], { minLength: 1 }).map((dims) => dims.sort((a, b) => a - b)),
        dtype: fc.constantFrom(...dtypes),
        seed: fc.nat(1000),
        keepDim: fc.boolean(),
      }),
    );
}

/** Floats whose products stay near 1; of one sign where sums would cancel, which have no relative error to speak of. */
function near({ shape, dtype }: TensorSpec, name: Name, seed: number): Elements {
  const x = elements(shape, dtype, seed);
  if (dtype !== 'float32' && dtype !== 'float64') return x;
  const isSum = name === 'sum' || name === 'cumsum';
  return { ...x, data: x.data.map((value) => (isSum ? 1 : Math.sign(value)) * (1 + value / 128)) };
}

/** `x · y`, where y repeats along the last dim. */
function product(shape: Shape): ChainProgram {
  const repeated = shape.map((size, i) => (i === shape.length - 1 && size > 1 ? 1 : 0));
  return {
    shape,
    inputs: [
      { dtype: 'float32', strides: stridesOf(shape) },
      { dtype: 'float32', strides: repeated },
    ],
    ops: [{ primitive: 'mul', params: {}, operands: [0, 1], dtype: 'float32', scalars: [] }],
    outputs: [2],
  };
}

type Name = keyof ReductionPrimitives;

function found(engine: Engine, primitive: Name, x: Elements, params: object): string | null {
  return differenceFromReference(engine, { primitive, inputs: [x], params }, 1e-6);
}

function run(engine: Engine, primitive: Name, x: Elements, params: object): TypedArray {
  const outputs = [inferSpecs(primitive, [x], params)].flat();
  const [result] = runEncoding(engine, encode(primitive, { inputs: [x], outputs, params }), { inputs: [x.data], outputs });
  return result ?? new Float32Array(0);
}
