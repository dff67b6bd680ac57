import type { DType, Shape, TensorSpec, TypedArray } from '@dl/tensor';
import { allocate, inferSpecs, referenceKernels, sizeOf, stridesOf } from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { encodeChain } from './chain.ts';
import type { Encoding } from './encoding.ts';
import { matrixEncoders } from './matrix.ts';

const engines = await openEngines();

/** A product of matrices, or a linear layer: then `a` is the input, `b` the weight. */
interface Case {
  readonly name: 'matmul' | 'linear';
  readonly a: Shape;
  readonly b: Shape;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly dtype?: DType;
}

describe.each(engines)('on $title', ({ engine }) => {
  it('products agree with the reference for any sizes', () => {
    fc.assert(
      fc.property(cases(), (one) => {
        expect(compare(engine, one)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Case]>([
    ['many panels and blocks of depth', matmul([130, 900], [900, 401])],
    ['many panels, both stored transposed', { ...matmul([900, 130], [401, 900]), transposeA: true, transposeB: true }],
    ['rows that lie far apart in memory', matmul([200, 1024], [1024, 512])],
    ['a depth that is split', matmul([9, 5000], [5000, 11])],
    ['a depth that is split, with a bias', { name: 'linear', a: [9, 5000], b: [11, 5000] }],
    ['a long dot product', matmul([1, 100_000], [100_000, 1])],
    ['one column of a large matrix', matmul([700, 300], [300, 1])],
    ['one column of a large matrix stored transposed', { ...matmul([300, 700], [1, 300]), transposeA: true, transposeB: true }],
    ['one row and a large matrix', matmul([1, 300], [300, 1700])],
    ['one row and a large matrix stored transposed', { ...matmul([1, 300], [700, 300]), transposeB: true }],
    ['few rows and a large matrix stored transposed', { ...matmul([3, 300], [701, 300]), transposeB: true }],
    ['four rows, with a bias', { name: 'linear', a: [4, 790], b: [256, 790] }],
    ['one output', { name: 'linear', a: [300, 400], b: [1, 400] }],
    ['one row', { name: 'linear', a: [400], b: [300, 400] }],
    ['many small products', matmul([300, 5, 6], [300, 6, 7])],
    ['float64, many panels', { ...matmul([130, 500], [500, 201]), dtype: 'float64' }],
    ['float64, a depth that is split', { ...matmul([9, 5000], [5000, 11]), dtype: 'float64' }],
  ])('%s', (_, one) => {
    expect(compare(engine, one)).toBeNull();
  });

  it.each<[string, Case]>([
    ['many rows of a batch', matmul([70, 40, 300], [300, 60])],
    ['narrow pieces', { name: 'linear', a: [64, 784], b: [256, 784] }],
    ['wide pieces', { name: 'linear', a: [300, 256], b: [1024, 256] }],
    ['a split depth', matmul([9, 5000], [5000, 11])],
    ['one row', { name: 'linear', a: [784], b: [256, 784] }],
    ['an empty product', matmul([0, 3], [3, 5])],
  ])('a chain runs over %s', (_, one) => {
    const { inputs, output, encoding, expected } = prepare(one);
    const shift = scattered(output, 9);
    const operand = { dtype: 'float32', strides: stridesOf(output.shape) } as const;
    const sum = { primitive: 'add', params: {}, operands: [0, 1], dtype: 'float32', scalars: [] } as const;
    const chain = encodeChain({ shape: output.shape, inputs: [operand, operand], ops: [sum], outputs: [2] });
    const carried = { ...encoding, params: [...encoding.params.slice(0, -1), 1, ...chain] };
    // The result is an operand of the kernel, and again one of the chain, behind the shift.
    const [product, shifted] = runEncoding(engine, carried, {
      inputs: [...inputs, allocate(output.dtype, sizeOf(output.shape)), shift],
      outputs: [output, output],
      inPlaceOf: [inputs.length],
    });
    expect(difference(product ?? [], expected, tolerances.float32)).toBeNull();
    expect(
      difference(
        shifted ?? [],
        Array.from(product ?? [], (x, i) => Math.fround(x + (shift[i] as number))),
      ),
    ).toBeNull();
  });
});

describe('the params', () => {
  const paramsOf = (one: Case) => prepare(one).encoding.params;

  it('make a batch by one matrix a product of more rows', () => {
    expect(paramsOf(matmul([7, 30, 20], [20, 40]))).toEqual(paramsOf(matmul([210, 20], [20, 40])));
  });

  it('make a product with one column one with one row', () => {
    expect(prepare(matmul([300, 200], [200, 1])).encoding.kernel).toBe('matmulFewRows');
  });

  it('end with the word that no chain follows', () => {
    expect(paramsOf(matmul([3, 4], [4, 5])).at(-1)).toBe(0);
  });
});

/** Sums of some hundred products of numbers below 1 round differently in another order. */
const tolerances = { float32: 2e-5, float64: 1e-12 };

function matmul(a: Shape, b: Shape): Case {
  return { name: 'matmul', a, b };
}

/** Small ones, with any flags and any batch that broadcasts. */
function cases(): fc.Arbitrary<Case> {
  const size = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 130 }));
  const batch = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('both', 'both', 'a', 'b')), { maxLength: 3 });
  return fc
    .record({
      sizes: fc.tuple(size, size, size),
      batch,
      missing: fc.tuple(fc.nat(3), fc.nat(3)),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      isLinear: fc.boolean(),
      dtype: fc.constantFrom<DType>('float32', 'float32', 'float64', 'int32', 'uint8'),
    })
    .map(({ sizes: [m, n, k], batch: dims, missing, transposeA, transposeB, isLinear, dtype }): Case => {
      const leading = (own: 'a' | 'b') => dims.map(([length, who]) => (who === 'both' || who === own ? length : 1));
      if (isLinear) return { name: 'linear', a: [...leading('a'), m, k], b: [n, k], dtype: dtype === 'float64' ? dtype : 'float32' };
      const a = [...leading('a').slice(dims.every(([, who]) => who !== 'b') ? 0 : missing[0]), ...(transposeA ? [k, m] : [m, k])];
      const b = [...leading('b').slice(missing[1]), ...(transposeB ? [n, k] : [k, n])];
      return { name: 'matmul', a, b, transposeA, transposeB, dtype };
    });
}

/** Operands, the kernel's params, and what the reference says. */
function prepare({ name, a, b, transposeA = false, transposeB = false, dtype = 'float32' }: Case) {
  const specs: readonly TensorSpec[] = [a, b, ...(name === 'linear' ? [b.slice(0, 1)] : [])].map((shape) => ({ shape, dtype }));
  const params = name === 'linear' ? {} : { transposeA, transposeB };
  const output = inferSpecs(name, specs, params as never) as TensorSpec;
  const encoding: Encoding = matrixEncoders[name]({ inputs: specs, outputs: [output], params } as never);
  const inputs = specs.map((spec, i) => scattered(spec, i + 1));
  const expected = allocate(dtype, sizeOf(output.shape));
  const operands = inputs.map((data, i) => ({ data, shape: specs[i]?.shape ?? [] }));
  referenceKernels[name]([{ data: expected, shape: output.shape }], operands as never, params as never, []);
  return { inputs, output, encoding, expected };
}

/** Where a kernel differs from the reference, or null. */
function compare(engine: Engine, one: Case): string | null {
  const { inputs, output, encoding, expected } = prepare(one);
  const [actual] = runEncoding(engine, encoding, { inputs, outputs: [output] });
  const depth = one.a.at(one.transposeA ? -2 : -1) ?? 1;
  const tolerance = one.dtype === 'float64' ? tolerances.float64 : tolerances.float32;
  const isWhole = one.dtype === 'int32' || one.dtype === 'uint8';
  return difference(actual ?? [], expected, isWhole ? 0 : tolerance * Math.max(1, Math.sqrt(depth / 1000)));
}

/** Numbers in [-1, 1), or any whole ones, that have nothing to do with each other. */
function scattered({ shape, dtype }: TensorSpec, seed: number): TypedArray {
  const data = allocate(dtype, sizeOf(shape));
  const unit = dtype === 'int32' || dtype === 'uint8' ? 1 : 2 ** -31;
  for (let i = 0; i < data.length; i++) {
    const mixed = Math.imul(i + 1 + seed * 1000003, 0x9e3779b1);
    data[i] = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) * unit;
  }
  return data;
}
