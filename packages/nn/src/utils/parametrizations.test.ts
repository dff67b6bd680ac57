import { readFileSync } from 'node:fs';
import { type DType, manualSeed, randn, type Shape, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

interface TensorJson {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly number[];
}

type State = Readonly<Record<string, TensorJson>>;

interface Call {
  readonly inputs: readonly TensorJson[];
  readonly output: TensorJson;
  readonly cotangent: TensorJson;
  readonly parameterGradients: State;
}

interface Golden {
  readonly title: string;
  readonly layer: 'Linear' | 'Conv2d' | 'ConvTranspose2d';
  readonly arguments: readonly number[];
  readonly place: 'utils' | 'parametrizations';
  readonly name: string;
  readonly options: object;
  readonly state: State;
  readonly calls: readonly Call[];
  readonly stateAfter: State;
  readonly evaluation: Call;
  readonly repr: string;
}

const layers = { Linear: nn.Linear, Conv2d: nn.Conv2d, ConvTranspose2d: nn.ConvTranspose2d };
const goldens: readonly Golden[] = JSON.parse(readFileSync(new URL('../../fixtures/parametrizations.json', import.meta.url), 'utf8'));

describe('parametrized layers', () => {
  test.each(goldens)('with $title compute, learn, save and print as in PyTorch', async (golden) => {
    const layer = construct(golden);
    expect(Object.keys(layer.stateDict())).toEqual(Object.keys(golden.state));
    layer.loadStateDict(tensors(golden.state));
    for (const call of golden.calls) await expectCall(layer, call);
    await expectTensors(layer.stateDict(), golden.stateAfter);
    await expectCall(layer.eval(), golden.evaluation);
    expect(layer.toString()).toBe(golden.repr);
  });
});

describe('spectralNorm', () => {
  test('begins near the value it looks for', async () => {
    manualSeed(4);
    const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(3, 3, { bias: false }));
    const weight = await layer.eval().weight.tolist();
    const gram = tensor(weight).t().matmul(tensor(weight));
    let vector = randn([3]);
    for (let i = 0; i < 50; i++) vector = nn.functional.normalize(gram.mv(vector), { dim: 0 });
    expect(await gram.mv(vector).norm().item()).toBeCloseTo(1, 2);
  });

  test('divides a vector by its length', async () => {
    const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 3), { name: 'bias' });
    expect(await layer.bias?.norm().item()).toBeCloseTo(1, 5);
  });
});

describe('orthogonal', () => {
  test.each([
    [5, 3],
    [3, 5],
    [4, 4],
  ])('of %i × %i begins orthogonal', async (outFeatures, inFeatures) => {
    const { weight } = nn.utils.parametrizations.orthogonal(new nn.Linear(inFeatures, outFeatures));
    const tall = outFeatures < inFeatures ? weight.t() : weight;
    const gram = await tall.t().matmul(tall).data();
    const size = Math.min(inFeatures, outFeatures);
    gram.forEach((value, i) => {
      expect(value).toBeCloseTo(i % (size + 1) === 0 ? 1 : 0, 5);
    });
  });

  test('begins as an orthogonal square was', async () => {
    const layer = new nn.Linear(3, 3);
    const before = await nn.init.orthogonal(layer.weight).data();
    const after = await nn.utils.parametrizations.orthogonal(layer).weight.data();
    after.forEach((value, i) => {
      expect(value).toBeCloseTo(Number(before[i]), 5);
    });
  });
});

describe('odd settings are refused', () => {
  const { utils } = nn;
  test.each<[string, () => unknown, string]>([
    [
      'another tensor',
      () => utils.weightNorm(new nn.Linear(2, 2), { name: 'gain' }),
      "weightNorm: Linear must have a parameter or a buffer 'gain'; got undefined",
    ],
    [
      'a dim too many',
      () => utils.parametrizations.weightNorm(new nn.Linear(2, 2), { dim: 2 }),
      'weightNorm: dim must be a whole number in [0, 1]; got 2',
    ],
    [
      'no steps',
      () => utils.parametrizations.spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 }),
      'spectralNorm: nPowerIterations must be',
    ],
    [
      'another dim',
      () => utils.spectralNorm(new nn.Linear(2, 2), { dim: -3 }),
      'spectralNorm: dim must be a whole number in [-2, 1]; got -3',
    ],
    ['no divisor', () => utils.spectralNorm(new nn.Linear(2, 2), { eps: 0 }), 'spectralNorm: eps must be a finite number above 0'],
    [
      'a vector',
      () => utils.parametrizations.orthogonal(new nn.Linear(2, 2), { name: 'bias' }),
      'orthogonal: the tensor must be a matrix; got [2]',
    ],
    [
      'another map',
      () => utils.parametrizations.orthogonal(new nn.Linear(2, 2), { orthogonalMap: 'polar' as never }),
      "orthogonal: orthogonalMap must be one of 'matrixExp', 'cayley', 'householder'; got 'polar'",
    ],
    [
      'what is not there any more',
      () => utils.removeWeightNorm(new nn.Linear(2, 2)),
      "removeWeightNorm: Linear must have a parameter or a buffer 'weightG'",
    ],
    ['no module', () => utils.spectralNorm('layer' as never), "spectralNorm: module must be a module; got 'layer'"],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

function construct({ layer, arguments: given, place, name, options }: Golden): nn.Module {
  const made: unknown = Reflect.construct(layers[layer], given);
  const functions: object = place === 'utils' ? nn.utils : nn.utils.parametrizations;
  const parametrize: unknown = Reflect.get(functions, name);
  if (typeof parametrize !== 'function') throw new Error(`no function ${name}`);
  return parametrize(made, options) as nn.Module;
}

async function expectCall(module: nn.Module, call: Call): Promise<void> {
  module.zeroGrad();
  const output = module(...(call.inputs.map(fromJson) as never[])) as Tensor;
  output.backward({ gradient: fromJson(call.cotangent) });
  await expectTensors({ output }, { output: call.output });
  await expectTensors(Object.fromEntries(module.namedParameters().map(([key, { grad }]) => [key, grad])), call.parameterGradients);
}

/** Power iterations, exponentials and inverses sum up roundings: 1e-5. */
async function expectTensors(actual: Readonly<Record<string, Tensor | null>>, expected: State): Promise<void> {
  for (const [key, wanted] of Object.entries(expected)) {
    expect(actual[key]?.shape, key).toEqual(wanted.shape);
    const data = (await actual[key]?.data()) ?? [];
    for (const [i, value] of wanted.data.entries()) {
      const close = Math.abs(Number(data[i]) - value) <= 1e-5 * (1 + Math.abs(value));
      if (!close) expect.fail(`${key}: element ${i} is ${data[i]}, PyTorch has ${value}`);
    }
  }
}

function tensors(state: State): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, fromJson(value)]));
}

function fromJson({ shape, dtype, data }: TensorJson): Tensor {
  return tensor(new Float64Array(data), { shape, dtype });
}
