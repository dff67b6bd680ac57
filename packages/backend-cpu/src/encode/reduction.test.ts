import type { DType, Shape, TensorSpec, TypedArray } from '@dl/tensor';
import { allocate, inferSpecs, type ParamsOf, type ReductionPrimitives, referenceKernels, sizeOf, stridesOf } from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { type ChainProgram, encodeChain } from './chain.ts';
import { type FoldName, reductionEncoders, reductionEncoding } from './reduction.ts';

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

describe.each(engines)('on $title', ({ engine }) => {
  it.each(folds)('%s over any dims of any tensor', (name) => {
    fc.assert(
      fc.property(smallCase(), ({ shape, dims, dtype, seed, keepDim }) => {
        const isNothing = (name === 'amax' || name === 'amin') && shape.includes(0);
        if (!isNothing) expect(foundIn(engine, name, { shape, dtype }, { dims, keepDim }, seed)).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it.each(folds)('%s over more elements than a piece holds', (name) => {
    for (const dtype of ['float32', 'int32'] as const) {
      for (const [shape, dims] of large) expect(foundIn(engine, name, { shape, dtype }, { dims, keepDim: false }), `${shape}`).toBeNull();
    }
  });

  it.each(positions)('%s along any dim of any tensor', (name) => {
    fc.assert(
      fc.property(smallCase(), ({ shape, dims: [dim = 0], dtype, seed, keepDim }) => {
        const isEmpty = name !== 'cumsum' && shape[dim] === 0;
        if (!isEmpty) expect(foundIn(engine, name, { shape, dtype }, { dim, keepDim }, seed)).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it.each(positions)('%s along lines and columns of more elements than a piece holds', (name) => {
    const cases = [
      [[100_001], 0],
      [[3, 40_000], 1],
      [[700, 300], 0],
      [[700, 300], 1],
      [[2, 300, 600], 1],
    ] as const;
    for (const [shape, dim] of cases) {
      for (const dtype of dtypes) expect(foundIn(engine, name, { shape, dtype }, { dim, keepDim: false }), `${shape} ${dtype}`).toBeNull();
    }
  });

  it.each(folds)('%s of a chain that is never written down', (name) => {
    const smaller = [
      [[4, 5, 6], [1]],
      [[7], [0]],
      [[0, 3], [0]],
      [[40, 3], [0]],
    ] as const;
    for (const [shape, dims] of [...smaller, ...large]) {
      const program = product(shape);
      const elements = [elementsOf({ shape, dtype: 'float32' }, 1), elementsOf({ shape: shape.slice(-1), dtype: 'float32' }, 2)] as const;
      const inputs = name === 'sum' ? ([elements[0].map(Math.abs), elements[1].map(Math.abs)] as const) : elements;
      const spec = { shape, dtype: 'float32' } as const;
      const encoding = reductionEncoding(name, spec, dims, { inputs: 2, params: encodeChain(program) });
      const output = inferSpecs(name, [spec], { dims, keepDim: false }) as TensorSpec;
      const actual = runEncoding(engine, encoding, { inputs, outputs: [output] });
      const products = inputs[0].map((a, i) => a * (inputs[1][i % Math.max(1, inputs[1].length)] ?? 0));
      const params = { dims, keepDim: false };
      const expected = known(() => expectedOf(name, spec, products, params), 'chain', name, spec, params);
      expect(difference(actual[0] ?? [], expected, 1e-6), `${shape}`).toBeNull();
    }
  });

  it('NaN wins over every number, and the first NaN over the others', () => {
    for (const length of [1, 5, 16, 37, 100, 5000]) {
      for (const place of [0, length >> 1, length - 1]) {
        const x = elementsOf({ shape: [length], dtype: 'float32' }, 3);
        x[place] = Number.NaN;
        x[length - 1] = Number.NaN;
        const run = (name: 'amax' | 'amin' | 'argmax' | 'argmin') => {
          const spec = { shape: [length], dtype: 'float32' } as const;
          const isFold = name === 'amax' || name === 'amin';
          const params = isFold ? { dims: [0], keepDim: false } : { dim: 0, keepDim: false };
          return runOne(engine, name, spec, x, params)[0];
        };
        expect([run('amax'), run('amin'), run('argmax'), run('argmin')]).toEqual([Number.NaN, Number.NaN, place, place]);
      }
    }
  });
});

it('gives the same bits for any number of threads', async () => {
  const { variant } = engines[0]?.engine ?? {};
  const opened = await Promise.all([1, 2, 3].map((threads) => openEngine({ variant: variant as 'avx2', threads })));
  for (const [shape, dims] of large) {
    const spec = { shape, dtype: 'float32' } as const;
    const x = elementsOf(spec, 4);
    const [one, ...others] = opened.map(({ engine }) => runOne(engine, 'sum', spec, x, { dims, keepDim: false }));
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

/** Products stay near 1. */
function elementsOf({ shape, dtype }: TensorSpec, seed: number): TypedArray {
  const elements = allocate(dtype, sizeOf(shape));
  const golden = (i: number): number => ((seed + i) * 0.6180339887498949) % 1;
  const ranges = { float32: 1, float64: 1, int32: 2001, uint8: 256, bool: 2 } as const;
  const isFloat = dtype === 'float32' || dtype === 'float64';
  for (let i = 0; i < elements.length; i++) {
    elements[i] = isFloat ? (golden(i) < 0.5 ? -1 : 1) * (1 + (golden(7 * i) - 0.5) / 64) : Math.floor(golden(i) * ranges[dtype]);
    if (dtype === 'int32') elements[i] = (elements[i] as number) - 1000;
  }
  return elements;
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

function runOne<N extends Name>(engine: Engine, name: N, x: TensorSpec, elements: TypedArray, params: ParamsOf<N>): TypedArray {
  const output = inferSpecs(name, [x], params) as TensorSpec;
  // The encoder is of this very primitive; the compiler cannot follow the correlation.
  const encoding = reductionEncoders[name]({ inputs: [x], outputs: [output], params } as never);
  return runEncoding(engine, encoding, { inputs: [elements], outputs: [output] })[0] ?? new Float32Array(0);
}

function expectedOf<N extends Name>(name: N, { shape, dtype }: TensorSpec, data: TypedArray, params: ParamsOf<N>): TypedArray {
  const output = inferSpecs(name, [{ shape, dtype }], params) as TensorSpec;
  const out = { data: allocate(output.dtype, sizeOf(output.shape)), shape: output.shape };
  referenceKernels[name]([out] as never, [{ data, shape }] as never, params as never, [] as never);
  return out.data;
}

const found = new Map<string, TypedArray>();

/** Computed once for all engines. */
function known(compute: () => TypedArray, ...question: readonly unknown[]): TypedArray {
  const key = JSON.stringify(question);
  const answer = found.get(key) ?? compute();
  found.set(key, answer);
  return answer;
}

function foundIn<N extends Name>(engine: Engine, name: N, spec: TensorSpec, params: ParamsOf<N>, seed = 1): string | null {
  // A sum of numbers that cancel has no relative error to speak of.
  const x = name === 'sum' || name === 'cumsum' ? elementsOf(spec, seed).map(Math.abs) : elementsOf(spec, seed);
  return difference(
    runOne(engine, name, spec, x, params),
    known(() => expectedOf(name, spec, x, params), name, spec, params, seed),
    1e-6,
  );
}
