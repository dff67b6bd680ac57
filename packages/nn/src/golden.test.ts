import { readFileSync } from 'node:fs';
import { requiresGrad } from '@dl/autograd';
import { type DType, type Shape, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from './index.ts';

interface TensorJson {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly (number | string)[];
}

interface Call {
  readonly inputs: readonly TensorJson[];
  readonly output: TensorJson;
  readonly cotangent: TensorJson;
  readonly inputGradients: readonly (TensorJson | null)[];
  readonly parameterGradients: Readonly<Record<string, TensorJson>>;
}

interface Case {
  readonly title: string;
  readonly module: string;
  readonly arguments: readonly unknown[];
  readonly training: boolean;
  readonly state: Readonly<Record<string, TensorJson>>;
  readonly calls: readonly Call[];
  readonly stateAfter: Readonly<Record<string, TensorJson>>;
  readonly evaluation?: Call;
  readonly repr: string;
}

describe.each([
  'activations',
  'layers',
  'losses',
  'normalization',
  'dropouts',
  'embeddings',
  'losses2',
  'convolutions',
  'pooling',
  'padding',
  'upsampling',
])('the golden %s', (name) => {
  const cases: readonly Case[] = JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));

  test.each(cases)('$title computes, differentiates and prints as PyTorch', async (golden) => {
    const module = construct(golden);
    expect(Object.keys(module.stateDict()).sort()).toEqual(Object.keys(golden.state).sort());
    module.loadStateDict(tensors(golden.state));
    module.train(golden.training);
    for (const call of golden.calls) await expectCall(module, call);
    await expectTensors(module.stateDict(), golden.stateAfter);
    module.eval();
    if (golden.evaluation !== undefined) await expectCall(module, golden.evaluation);
    expect(module.toString()).toBe(golden.repr);
  });
});

function construct({ module: name, arguments: given }: Case): nn.Module {
  const Class: unknown = Reflect.get(nn, name);
  if (typeof Class !== 'function') throw new Error(`no module ${name}`);
  const made: unknown = Reflect.construct(Class, given.map(argumentOf));
  if (made instanceof nn.Module) return made;
  throw new Error(`${name} is no module`);
}

function argumentOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, option]) => [key, isTensorJson(option) ? fromJson(option) : option]));
}

async function expectCall(module: nn.Module, call: Call): Promise<void> {
  module.zeroGrad();
  const inputs = call.inputs.map((input, i) => (call.inputGradients[i] ? requiresGrad(fromJson(input)) : fromJson(input)));
  const output: unknown = module(...(inputs as never[]));
  const result = output as Tensor;
  if (result.requiresGrad) result.backward({ gradient: fromJson(call.cotangent) });
  await expectTensor(result, call.output, 'output');
  for (const [i, input] of inputs.entries()) {
    const expected = call.inputGradients[i];
    if (expected) await expectTensor(input.grad, expected, `gradient of input ${i}`);
  }
  const gradients = Object.fromEntries(module.namedParameters().map(([key, { grad }]) => [key, grad]));
  await expectTensors(gradients, call.parameterGradients);
}

async function expectTensors(
  actual: Readonly<Record<string, Tensor | null>>,
  expected: Readonly<Record<string, TensorJson>>,
): Promise<void> {
  for (const [key, wanted] of Object.entries(expected)) await expectTensor(actual[key], wanted, key);
}

async function expectTensor(actual: Tensor | null | undefined, expected: TensorJson, what: string): Promise<void> {
  if (!actual) throw new Error(`${what} is missing`);
  expect([actual.dtype, actual.shape], what).toEqual([expected.dtype, expected.shape]);
  const data = await actual.data();
  for (const [i, wanted] of expected.data.map(Number).entries()) {
    const close = Object.is(data[i], wanted) || Math.abs(Number(data[i]) - wanted) <= 2e-6 * (1 + Math.abs(wanted));
    if (!close) expect.fail(`${what}: element ${i} is ${data[i]}, PyTorch has ${wanted}`);
  }
}

function tensors(state: Readonly<Record<string, TensorJson>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, fromJson(value)]));
}

function fromJson({ shape, dtype, data }: TensorJson): Tensor {
  return tensor(new Float64Array(data.map(Number)), { shape, dtype });
}

function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === 'object' && value !== null && 'data' in value;
}
