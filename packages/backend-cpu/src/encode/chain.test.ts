import { readFileSync } from 'node:fs';
import type { DType, TypedArray } from '@dl/tensor';
import { allocate, referenceKernels, sizeOf, stridesOf } from '@dl/tensor/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { type ChainOp, type ChainOptions, type ChainProgram, encodeChain } from './chain.ts';
import type { ChainPrimitive } from './chainCosts.ts';
import { chainSteps } from './chainSteps.ts';

const engines = await openEngines();

/** Operations that run in one pass: the second of the first, which is one of its operands. */
const sums = ['add', 'sub', 'mul'] as const;
const pairs: readonly (readonly [ChainPrimitive, ChainPrimitive, number])[] = [
  ...sums.flatMap((second) => sums.flatMap((first) => [0, 1].map((place) => [second, first, place] as const))),
  ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map((first) => ['where', first, 0] as const),
];

/** A chain with something in its inputs' memory. */
interface Case {
  readonly program: ChainProgram;
  readonly inputs: readonly TypedArray[];
  readonly scalars: readonly number[];
}

it('numbers the operations as the C header does', () => {
  const header = readFileSync(new URL('../../kernels/chainSteps.h', import.meta.url), 'utf8');
  expect([...header.matchAll(/^STEP\((\w+)\)$/gm)].map(([, name]) => name)).toEqual(chainSteps);
});

describe.each(engines)('on $title', ({ engine }) => {
  it('computes any chain to the bits of its operations, one after the other', () => {
    fc.assert(
      fc.property(cases(), (chain) => {
        expect(differences(run(chain), expectedOf(chain))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('computes chains on more elements than a block holds', () => {
    fc.assert(
      fc.property(cases([3, 5, 700]), cases([40, 7, 9]), cases([5000]), cases([35, 300]), (...chains) => {
        for (const chain of chains) expect(differences(run(chain), expectedOf(chain))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('may write each output over an input of the same kind that it reads in order', () => {
    fc.assert(
      fc.property(cases(), (chain) => {
        expect(differences(run(chain, placesOf(chain.program)), expectedOf(chain))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each(pairs)('computes %s of %s, as operand %i, to the bits of both', (second, first, place) => {
    const inputs = [1, 5, 9].map((seed) => elementsOf('float32', 1100, seed));
    const operands = second === 'where' ? [3, 2, 1] : place === 0 ? [3, 2] : [2, 3];
    const program: ChainProgram = {
      shape: [1100],
      inputs: inputs.map(() => ({ dtype: 'float32', strides: [1] })),
      ops: [
        { primitive: first, params: {}, operands: [0, 1], dtype: second === 'where' ? 'bool' : 'float32', scalars: [] },
        { primitive: second, params: {}, operands, dtype: 'float32', scalars: [] },
      ],
      outputs: [4],
    };
    const chain = { program, inputs, scalars: [] };
    expect(differences(run(chain), expectedOf(chain))).toEqual([]);
  });

  it.each([
    [
      [300, 300],
      [1, 300],
    ],
    [
      [3, 37, 700],
      [37, 1, 111],
    ],
    [
      [2, 40, 257],
      [10280, 3, 120],
    ],
    [
      [50, 40],
      [1, 50],
    ],
  ] as const)('reads what lies the other way round: a loop %j with strides %j', (shape, strides) => {
    for (const dtype of ['float32', 'float64', 'int32', 'uint8'] as const) {
      const last = shape.reduce((sum, size, d) => sum + (size - 1) * (strides[d] ?? 0), 0);
      const inputs = [elementsOf(dtype, last + 1, 1), elementsOf(dtype, sizeOf(shape), 2)];
      const program: ChainProgram = {
        shape,
        inputs: [
          { dtype, strides },
          { dtype, strides: stridesOf(shape) },
        ],
        ops: [{ primitive: 'sub', params: {}, operands: [0, 1], dtype, scalars: [] }],
        outputs: [2],
      };
      const chain = { program, inputs, scalars: [] };
      expect(differences(run(chain), expectedOf(chain))).toEqual([]);
    }
  });

  it('computes the same bits where results are too many for the caches', () => {
    const chain = manyResults(1500);
    expect(differences(run(chain, [], { cacheBytes: 0 }), expectedOf(chain))).toEqual([]);
  });

  it('keeps two outputs apart that lie where each other is read from', () => {
    const inputs = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)];
    const operand = { dtype: 'float32', strides: [1] } as const;
    const program: ChainProgram = { shape: [3], inputs: [operand, operand], ops: [], outputs: [1, 0] };
    expect(run({ program, inputs, scalars: [] }, [0, 1])).toEqual([inputs[1], inputs[0]]);
  });

  function run(
    { program, inputs, scalars }: Case,
    inPlaceOf: readonly (number | undefined)[] = [],
    options: ChainOptions = {},
  ): readonly TypedArray[] {
    const outputs = program.outputs.map((number) => ({ shape: program.shape, dtype: dtypeAt(program, number) }));
    return runEncoding(engine, { kernel: 'chain', params: encodeChain(program, options) }, { inputs, outputs, scalars, inPlaceOf });
  }
});

/** Where outputs are not the same bits; all NaN are the same. */
function differences(actual: readonly TypedArray[], expected: readonly TypedArray[]): string[] {
  return expected.flatMap((array, output) => {
    const place = array.findIndex((value, i) => !Object.is(actual[output]?.[i], value));
    return place === -1 ? [] : [`output ${output}, element ${place}: got ${actual[output]?.[place]}, expected ${array[place]}`];
  });
}

/** All that C can write past the caches, each as an output. */
function manyResults(elements: number): Case {
  const inputs = [1, 5, 9].map((seed) => elementsOf('float32', elements, seed));
  const ops: ChainOp[] = [];
  const add = (primitive: ChainPrimitive, operands: readonly number[], dtype: DType = 'float32') =>
    inputs.length + ops.push({ primitive, params: {}, operands, dtype, scalars: [] }) - 1;
  const single = [0, add('neg', [0]), add('relu', [1]), add('div', [0, 1]), add('sub', [0, 2])];
  const double = pairs.map(([second, first, place]) => {
    const value = add(first, [0, 1], second === 'where' ? 'bool' : 'float32');
    return add(second, second === 'where' ? [value, 2, 1] : place === 0 ? [value, 2] : [2, value]);
  });
  const program = {
    shape: [elements],
    inputs: inputs.map(() => ({ dtype: 'float32', strides: [1] }) as const),
    ops,
    outputs: [...single, ...double],
  };
  return { program, inputs, scalars: [] };
}

/** For each output the first input that it may overwrite, and nobody else does. */
function placesOf(program: ChainProgram): (number | undefined)[] {
  const dense = stridesOf(program.shape);
  const taken = new Set<number>();
  return program.outputs.map((number) => {
    const place = program.inputs.findIndex(({ dtype, strides }, i) => {
      return dtype === dtypeAt(program, number) && !taken.has(i) && strides.every((stride, d) => stride === dense[d]);
    });
    if (place === -1) return undefined;
    taken.add(place);
    return place;
  });
}

/** Every operation by the reference backend's kernel, on arrays of the loop's shape. */
function expectedOf({ program, inputs, scalars }: Case): readonly TypedArray[] {
  const { shape } = program;
  const values = program.inputs.map(({ dtype, strides }, i) => {
    const data = allocate(dtype, sizeOf(shape));
    data.forEach((_, place) => {
      data[place] = inputs[i]?.[offsetOf(place, shape, strides)] ?? 0;
    });
    return data;
  });
  for (const { primitive, params, operands, dtype, scalars: positions } of program.ops) {
    const out = { data: allocate(dtype, sizeOf(shape)), shape };
    const read = operands.map((number) => ({ data: values[number], shape }));
    const own = positions.map((position) => scalars[position]);
    // All of one primitive; the compiler cannot follow the correlation.
    referenceKernels[primitive]([out] as never, read as never, params as never, own as never);
    values.push(out.data);
  }
  return program.outputs.map((number) => values[number] as TypedArray);
}

function offsetOf(place: number, shape: readonly number[], strides: readonly number[]): number {
  return stridesOf(shape).reduce((sum, dense, d) => sum + (Math.floor(place / dense) % (shape[d] ?? 1)) * (strides[d] ?? 0), 0);
}

function dtypeAt({ inputs, ops }: ChainProgram, number: number): DType {
  return (inputs[number] ?? ops[number - inputs.length])?.dtype ?? 'float32';
}

// Operations whose results are the same bits wherever they are computed, by what they take.
const ofFractions: readonly ChainPrimitive[] = ['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'trunc', 'sqrt', 'relu', 'dropout'];
const ofWholes: readonly ChainPrimitive[] = ['neg', 'abs', 'sign', 'relu'];
const pairsOfFractions: readonly ChainPrimitive[] = ['add', 'sub', 'mul', 'div', 'floorDivide', 'remainder', 'fmod', 'maximum', 'minimum'];
const pairsOfWholes: readonly ChainPrimitive[] = ['add', 'sub', 'mul', 'floorDivide', 'remainder', 'fmod', 'pow', 'maximum', 'minimum'];
const tests: readonly ChainPrimitive[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalXor'];
const unaryTests: readonly ChainPrimitive[] = ['isnan', 'logicalNot'];

const scalarCounts: { readonly [primitive: string]: number } = { full: 1, iota: 2, randomUniform: 4, dropout: 5 };

function cases(shape?: readonly number[]): fc.Arbitrary<Case> {
  const shapes = shape === undefined ? fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 4 }) : fc.constant(shape);
  return shapes.chain((sizes) =>
    fc
      .array(operandOf(sizes), { maxLength: 4 })
      .chain((operands) =>
        fc
          .array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 })
          .chain((choices) => fc.array(fc.nat(), { minLength: 1, maxLength: 3 }).map((ends) => caseOf(sizes, operands, choices, ends))),
      ),
  );
}

interface Input {
  readonly dtype: DType;
  readonly strides: readonly number[];
  readonly data: TypedArray;
}

/** Elements that are read in order, repeated, reordered, or with gaps. */
function operandOf(shape: readonly number[]): fc.Arbitrary<Input> {
  const dtype = fc.constantFrom<DType>('float32', 'float32', 'float64', 'int32', 'uint8', 'bool');
  const order = fc.shuffledSubarray(shape.map((_, d) => d), { minLength: shape.length }); // biome-ignore format: one call
  const repeated = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length });
  return fc
    .tuple(dtype, fc.boolean(), order, repeated, fc.integer({ min: 1, max: 2 }), fc.nat())
    .map(([kind, isDense, dims, isRepeated, gap, seed]) => {
      const strides = isDense ? stridesOf(shape) : arrangedStrides(shape, dims, isRepeated, gap);
      const last = shape.reduce((sum, size, d) => sum + Math.max(0, size - 1) * (strides[d] ?? 0), 0);
      return { dtype: kind, strides, data: elementsOf(kind, last + 1, seed) };
    });
}

function arrangedStrides(shape: readonly number[], order: readonly number[], isRepeated: readonly boolean[], gap: number): number[] {
  const strides = shape.map(() => 0);
  let stride = gap;
  for (const d of order) {
    if (isRepeated[d]) continue;
    strides[d] = stride;
    stride *= shape[d] ?? 1;
  }
  return strides;
}

const fractions = [0, -0, 1.5, -2.5, 0.1, 3, -7, 1e30, -1e-40, 300.7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
const wholes = [0, 1, -1, 2, 7, -13, 255, 256, 65537, 2 ** 31 - 1, -(2 ** 31)];

function elementsOf(dtype: DType, length: number, seed: number): TypedArray {
  const choices = dtype === 'float32' || dtype === 'float64' ? fractions : wholes;
  const data = allocate(dtype, length);
  data.forEach((_, i) => {
    const chosen = choices[(seed + i * 7 + (i >> 3)) % choices.length] ?? 0;
    data[i] = dtype === 'bool' ? chosen & 1 : chosen;
  });
  return data;
}

/** A program whose ops take what is there. */
function caseOf(
  shape: readonly number[],
  inputs: readonly Input[],
  choices: readonly (readonly number[])[],
  ends: readonly number[],
): Case {
  const dtypes: DType[] = inputs.map(({ dtype }) => dtype);
  const ops: ChainOp[] = [];
  const scalars: number[] = [];
  for (const choice of choices) {
    const op = opOf(dtypes, choice);
    const count = scalarCounts[op.primitive] ?? 0;
    const values = op.primitive === 'dropout' ? [0.3, 1, 2, 3, 4] : [choice[3] ?? 0, 7, 8, 9].map((value) => value % 200);
    const first = scalars.push(...values.slice(0, count)) - count;
    ops.push({ ...op, scalars: values.slice(0, count).map((_, i) => first + i) });
    dtypes.push(op.dtype);
  }
  const program = {
    shape,
    inputs: inputs.map(({ dtype, strides }) => ({ dtype, strides })),
    ops,
    outputs: ends.map((end, i) => (i === 0 ? dtypes.length - 1 : end % dtypes.length)),
  };
  return { program, inputs: inputs.map(({ data }) => data), scalars };
}

/** An operation on the value that the first number chooses; the others choose what to do with it, and with which. */
function opOf(dtypes: readonly DType[], [first = 0, what = 0, second = 0]: readonly number[]): Omit<ChainOp, 'scalars'> {
  const all: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];
  if (dtypes.length === 0 || what % 8 === 0) return creationOf(all[second % all.length] ?? 'float32', what);
  const a = first % dtypes.length;
  const dtype = dtypes[a] ?? 'float32';
  const like = dtypes.flatMap((other, i) => (other === dtype ? [i] : []));
  const b = like[second % like.length] ?? a;
  const isFloat = dtype === 'float32' || dtype === 'float64';
  const pick = (from: readonly ChainPrimitive[]) => from[second % from.length] ?? 'add';
  const conditions = dtypes.flatMap((other, i) => (other === 'bool' ? [i] : []));
  switch (what % 8) {
    case 1:
      return {
        primitive: 'cast',
        params: { dtype: all[second % all.length] },
        operands: [a],
        dtype: all[second % all.length] ?? 'float32',
      };
    case 2:
      return { primitive: pick(tests), params: {}, operands: [a, b], dtype: 'bool' };
    case 3:
      return { primitive: pick(unaryTests), params: {}, operands: [a], dtype: 'bool' };
    case 4:
      if (conditions.length > 0)
        return { primitive: 'where', params: {}, operands: [conditions[first % conditions.length] ?? 0, a, b], dtype };
      return { primitive: pick(unaryTests), params: {}, operands: [a], dtype: 'bool' };
    case 5:
      if (dtype === 'bool') return { primitive: 'sign', params: {}, operands: [a], dtype };
      return { primitive: pick(isFloat ? ofFractions : ofWholes), params: {}, operands: [a], dtype };
    default:
      if (dtype === 'bool') return { primitive: pick(['maximum', 'minimum']), params: {}, operands: [a, b], dtype };
      return { primitive: pick(isFloat ? pairsOfFractions : pairsOfWholes), params: {}, operands: [a, b], dtype };
  }
}

function creationOf(dtype: DType, what: number): Omit<ChainOp, 'scalars'> {
  const isFloat = dtype === 'float32' || dtype === 'float64';
  const kinds: readonly ChainPrimitive[] =
    dtype === 'bool' ? ['logicalNot'] : isFloat ? ['full', 'iota', 'randomUniform'] : ['full', 'iota'];
  const primitive = kinds[(what >> 3) % kinds.length] ?? 'full';
  return { primitive: dtype === 'bool' ? 'iota' : primitive, params: {}, operands: [], dtype: dtype === 'bool' ? 'int32' : dtype };
}
