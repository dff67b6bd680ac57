import type { Shape, TensorSpec, TypedArray } from '@dl/tensor';
import {
  allocate,
  type ConvolutionPrimitives,
  type InputsOf,
  inferSpecs,
  type ParamsOf,
  referenceKernels,
  sizeOf,
} from '@dl/tensor/internal';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { convolutionEncoders } from './convolution.ts';

const engines = await openEngines();

type Name = keyof ConvolutionPrimitives;

/** A convolution; its gradients run on the same sizes. */
interface Case {
  readonly x: Shape;
  readonly weight: Shape;
  readonly params: ParamsOf<'convolution'>;
  readonly dtype: 'float32' | 'float64';
}

describe.each(engines)('on $title', ({ engine }) => {
  const run = compareOn(engine);

  it('convolutions and their gradients agree with the reference for any sizes', () => {
    fc.assert(
      fc.property(cases(), (one) => {
        expect(run(one).failures).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['channels in the lanes, one block', over([2, 20, 9, 11], [40, 20, 3, 3], { padding: [1, 1] })],
    ['channels in the lanes, several blocks and panels', over([2, 90, 5, 6], [150, 90, 3, 3], { padding: [1, 1] })],
    ['channels in the lanes, with strides', over([2, 40, 9, 12], [48, 40, 3, 3], { stride: [2, 3], padding: [1, 1] })],
    ['channels in the lanes, in groups', over([3, 70, 7, 7], [80, 35, 3, 3], { padding: [1, 1], groups: 2 })],
    ['channels in the lanes, more places than a range', over([1, 32, 37, 41], [36, 32, 2, 2], {})],
    ['channels in the lanes, one dim', over([2, 40, 700], [32, 40, 5], { dilation: [3], padding: [6] })],
    ['channels in the lanes, three dims', over([1, 33, 6, 7, 8], [34, 33, 2, 3, 2], { stride: [1, 2, 1], padding: [1, 0, 1] })],
    ['channels in the lanes, windows of one element', over([2, 70, 6, 6], [64, 70, 1, 1], {})],
    ['channels in the lanes, windows of one element with strides', over([2, 70, 7, 6], [64, 70, 1, 1], { stride: [2, 2] })],
    ['a box that is too large', over([1, 2, 60000], [3, 2, 2], { dilation: [50000], padding: [30] })],
    ['a box that is too large, channels in the lanes', over([1, 32, 90, 1300], [32, 32, 2, 2], { dilation: [80, 1290], padding: [3, 2] })],
    ['a kernel of many elements', over([1, 1, 40, 40], [2, 1, 31, 33], { padding: [3, 5] })],
    ['a kernel of many elements, channels in the lanes', over([2, 2, 40, 38], [33, 2, 23, 21], { padding: [3, 5], stride: [2, 1] })],
    ['float64, channels in the lanes', over([2, 36, 9, 7], [40, 36, 3, 3], { padding: [1, 1] }, 'float64')],
    ['float64, channels in the lanes, with strides', over([2, 36, 9, 7], [40, 36, 3, 3], { padding: [1, 1], stride: [2, 2] }, 'float64')],
  ] as const)('%s', (_, one) => {
    expect(run(one).failures).toEqual([]);
  });

  it('runs each kernel in these cases', () => {
    const wide = over([2, 40, 9, 9], [40, 40, 3, 3], {});
    const narrow = over([2, 3, 9, 9], [4, 3, 3, 3], {});
    expect(new Set([...run(wide).kernels, ...run(narrow).kernels])).toEqual(
      new Set(['convolveChannels', 'convolveWeights', 'convolvePlaces', 'convolveTaps']),
    );
  });
});

function over(x: Shape, weight: Shape, params: Partial<Case['params']>, dtype: Case['dtype'] = 'float32'): Case {
  const each = (value: number) => weight.slice(2).map(() => value);
  return { x, weight, params: { stride: each(1), padding: each(0), dilation: each(1), groups: 1, ...params }, dtype };
}

/** Small ones, of one to three dims. */
function cases(): fc.Arbitrary<Case> {
  const dim = fc
    .record({
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      more: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ more, ...moves }) => ({ ...moves, size: Math.max(0, moves.dilation * (moves.kernel - 1) + 1 - 2 * moves.padding) + more }));
  const channels = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(8, 17, 33));
  return fc
    .record({
      dims: fc.array(dim, { minLength: 1, maxLength: 3 }),
      images: fc.integer({ min: 0, max: 3 }),
      groups: fc.constantFrom(1, 1, 2, 3),
      sources: channels,
      targets: channels,
      dtype: fc.constantFrom('float32' as const, 'float64' as const),
    })
    .map(({ dims, images, groups, sources, targets, dtype }) => ({
      x: [images, groups * sources, ...dims.map(({ size }) => size)],
      weight: [groups * targets, sources, ...dims.map(({ kernel }) => kernel)],
      params: {
        stride: dims.map(({ stride }) => stride),
        padding: dims.map(({ padding }) => padding),
        dilation: dims.map(({ dilation }) => dilation),
        groups,
      },
      dtype,
    }));
}

/** Runs a convolution and its gradients, and says which kernels ran and where they differ from the reference by more than sums of products may. */
function compareOn(engine: (typeof engines)[number]['engine']) {
  return ({ x, weight, params, dtype }: Case): { readonly kernels: readonly string[]; readonly failures: readonly string[] } => {
    const [input, kernel] = [
      { shape: x, dtype },
      { shape: weight, dtype },
    ];
    const gradient = outputOf('convolution', [input, kernel], params);
    const results = [
      compare('convolution', [input, kernel], params),
      compare('convolutionInputGradient', [gradient, kernel], { ...params, inputSize: x.slice(2) }),
      compare('convolutionWeightGradient', [gradient, input], { ...params, kernelSize: weight.slice(2) }),
    ];
    return { kernels: results.map((result) => result.kernel), failures: results.flatMap(({ found }) => found ?? []) };
  };

  function compare<N extends Name>(name: N, inputs: InputsOf<N, TensorSpec> & readonly TensorSpec[], params: ParamsOf<N>) {
    const output = outputOf(name, inputs, params);
    // Each of the three has one output; the compiler cannot know it of all.
    const encoding = convolutionEncoders[name]({ inputs, outputs: [output] as never, params });
    const data = inputs.map((spec, i) => scattered(spec, i + 1));
    const expected = { data: allocate(output.dtype, sizeOf(output.shape)), shape: output.shape };
    const operands = data.map((elements, i) => ({ data: elements, shape: inputs[i]?.shape ?? [] }));
    referenceKernels[name]([expected] as never, operands as never, params, [] as never);
    const [actual] = runEncoding(engine, encoding, { inputs: data, outputs: [output] });
    const found = difference(actual ?? [], expected.data, output.dtype === 'float32' ? 5e-5 : 1e-12);
    return { kernel: encoding.kernel, found: found === null ? null : `${name} by ${encoding.kernel}: ${found}` };
  }
}

function outputOf<N extends Name>(name: N, inputs: readonly TensorSpec[], params: ParamsOf<N>): TensorSpec {
  const spec = inferSpecs(name, inputs, params);
  if ('dtype' in spec) return spec;
  throw new Error(`${name} has several outputs`);
}

/** Numbers in [-1, 1) that have nothing to do with each other, so that sums stay small. */
function scattered({ shape, dtype }: TensorSpec, seed: number): TypedArray {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const mixed = Math.imul(i + 1 + seed * 1000003, 0x9e3779b1);
    data[i] = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) / 2 ** 31;
  }
  return data;
}
