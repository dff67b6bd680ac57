import { readFileSync } from 'node:fs';
import { requiresGrad } from '@dl/autograd';
import { type DType, type Shape, Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

interface TensorJson {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly number[];
}

interface Case {
  readonly title: string;
  readonly module: string;
  readonly arguments: readonly [number, number, { readonly batchFirst?: boolean }];
  readonly state: Readonly<Record<string, TensorJson>>;
  readonly input: TensorJson;
  readonly start: readonly TensorJson[];
  readonly results: readonly TensorJson[];
  readonly cotangents: readonly TensorJson[];
  readonly gradients: Readonly<Record<string, TensorJson>>;
  readonly repr: string;
  readonly packing?: Packing;
  readonly directions?: readonly TensorJson[];
  readonly secondDerivatives?: Readonly<Record<string, TensorJson>>;
}

interface Packing {
  readonly lengths: readonly number[];
  readonly enforceSorted: boolean;
  readonly batchSizes: readonly number[];
  readonly sortedIndices: readonly number[] | null;
  readonly unsortedIndices: readonly number[] | null;
}

describe.each(['recurrentPlain', 'recurrentLstm', 'recurrentGru'])('the golden %s', (name) => {
  const cases: readonly Case[] = JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

  test.each(cases)('$title computes, differentiates and prints as PyTorch', async (golden) => {
    const module = construct(golden).eval();
    expect(Object.keys(module.stateDict())).toEqual(Object.keys(golden.state));
    module.loadStateDict(Object.fromEntries(Object.entries(golden.state).map(([key, value]) => [key, fromJson(value)])));
    const input = requiresGrad(fromJson(golden.input));
    const start = golden.start.map((state) => requiresGrad(fromJson(state)));
    const results = await flat(call(module, await packed(golden, input), start), golden.packing);
    await expectTensors(results, golden.results, 'result');
    const leaves = [input, ...start, ...module.parameters()];
    const gradients = gradientsOf(sumOfProducts(results, golden.cotangents), leaves, golden.directions !== undefined);
    await expectTensors(gradients, Object.values(golden.gradients), 'gradient');
    if (golden.directions !== undefined && golden.secondDerivatives !== undefined) {
      const second = gradientsOf(sumOfProducts(gradients, golden.directions), leaves, false);
      await expectTensors(second, Object.values(golden.secondDerivatives), 'second derivative');
    }
    expect(module.toString()).toBe(golden.repr);
  });
});

function construct({ module: name, arguments: given }: Case): nn.Module {
  const Class: unknown = Reflect.get(nn, name);
  if (typeof Class !== 'function') throw new Error(`no module ${name}`);
  const made: unknown = Reflect.construct(Class, given);
  if (made instanceof nn.Module) return made;
  throw new Error(`${name} is no module`);
}

async function packed({ packing, arguments: [, , { batchFirst = false }] }: Case, input: Tensor): Promise<unknown> {
  if (packing === undefined) return input;
  const { lengths, enforceSorted } = packing;
  return nn.utils.rnn.packPaddedSequence(input, lengths, { batchFirst, enforceSorted });
}

function call(module: nn.Module, input: unknown, start: readonly Tensor[]): unknown {
  const inputs = start.length === 0 ? [input] : [input, start.length === 1 ? start[0] : start];
  return module(...(inputs as never[]));
}

/** Tensors in nested arrays; of packed sequences the data, if the rest is as PyTorch has it. */
async function flat(result: unknown, packing: Packing | undefined): Promise<Tensor[]> {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return (await Promise.all(result.map((part) => flat(part, packing)))).flat();
  if (!(result instanceof nn.utils.rnn.PackedSequence)) throw new Error('neither tensors nor a packed sequence');
  const { data, batchSizes, sortedIndices, unsortedIndices } = result;
  expect(await batchSizes.tolist()).toEqual(packing?.batchSizes);
  expect((await sortedIndices?.tolist()) ?? null).toEqual(packing?.sortedIndices);
  expect((await unsortedIndices?.tolist()) ?? null).toEqual(packing?.unsortedIndices);
  return [data];
}

function sumOfProducts(tensors: readonly Tensor[], factors: readonly TensorJson[]): Tensor {
  return tensors.map((x, i) => x.mul(fromJson(factors[i])).sum()).reduce((sum, term) => sum.add(term));
}

function gradientsOf(scalar: Tensor, leaves: readonly Tensor[], createGraph: boolean): Tensor[] {
  for (const leaf of leaves) leaf.grad = null;
  scalar.backward({ createGraph });
  return leaves.map(({ grad, shape }) => grad ?? tensor(new Float32Array(shape.reduce((product, size) => product * size, 1)), { shape }));
}

/** To 1e-5 of the value and 1e-5 absolute: gradients are sums over steps, gates and rows of either sign. */
async function expectTensors(actual: readonly Tensor[], expected: readonly TensorJson[], what: string): Promise<void> {
  expect(actual.map(({ shape, dtype }) => [dtype, shape])).toEqual(expected.map(({ shape, dtype }) => [dtype, shape]));
  for (const [k, { data }] of expected.entries()) {
    const elements = (await actual[k]?.data()) ?? [];
    for (const [i, wanted] of data.entries()) {
      const close = Math.abs((elements[i] ?? Number.NaN) - wanted) <= 1e-5 * (1 + Math.abs(wanted));
      if (!close) expect.fail(`${what} ${k}: element ${i} is ${elements[i]}, PyTorch has ${wanted}`);
    }
  }
}

function fromJson(json: TensorJson | undefined): Tensor {
  return json === undefined ? tensor(0) : tensor(new Float64Array(json.data), { shape: json.shape, dtype: json.dtype });
}
