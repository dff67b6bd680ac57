import { readFileSync } from 'node:fs';
import { Parameter } from '@dl/nn';
import { type Shape, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, clipGradNorm, type Optimizer, SGD } from './index.ts';

interface TensorJson {
  readonly shape: Shape;
  readonly data: readonly number[];
}

interface Case {
  readonly title: string;
  readonly optimizer: 'SGD' | 'Adam' | 'AdamW';
  readonly options: Readonly<Record<string, never>>;
  readonly second: Readonly<Record<string, never>> | null;
  readonly lrAfter: number | null;
  readonly steps: readonly (readonly TensorJson[])[];
  readonly state: Readonly<Record<number, Readonly<Record<string, TensorJson | number>>>>;
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}

interface Fixture {
  readonly start: readonly TensorJson[];
  readonly gradients: readonly (readonly (TensorJson | null)[])[];
  readonly firstGradients: readonly TensorJson[];
  readonly clipping: readonly {
    readonly normType: string;
    readonly maxNorm: number;
    readonly total: TensorJson;
    readonly gradients: readonly TensorJson[];
  }[];
  readonly cases: readonly Case[];
}

type AnyOptimizer = Optimizer<{ lr: number; weightDecay: number }>;

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/optimizers.json', import.meta.url), 'utf8'));
const classes = { SGD, Adam, AdamW };

describe.each(fixture.cases)('$title', (golden) => {
  test('takes ten steps as PyTorch does', async () => {
    const params = start();
    const optimizer = make(golden, params);
    for (const [i, expected] of golden.steps.entries()) {
      takeStep(golden, optimizer, params, i);
      for (const [j, parameter] of params.entries()) await expectTensor(parameter, expected[j], `step ${i}, parameter ${j}`);
    }
  });

  test('comes to the same without being awaited or read, and remembers what PyTorch does', async () => {
    const params = start();
    const optimizer = make(golden, params);
    for (const i of golden.steps.keys()) takeStep(golden, optimizer, params, i);
    for (const [j, parameter] of params.entries()) await expectTensor(parameter, golden.steps.at(-1)?.[j], `parameter ${j}`);
    const { state, param_groups } = optimizer.stateDict();
    expect(shapeOfState(state)).toEqual(shapeOfState(golden.state));
    for (const [number, entries] of Object.entries(golden.state)) {
      for (const [key, value] of Object.entries(entries)) {
        const actual = state[Number(number)]?.[key];
        if (typeof value === 'number') expect(actual).toBe(value);
        else await expectTensor(actual as Tensor, value, `${number}.${key}`);
      }
    }
    expect(param_groups).toMatchObject(golden.groups);
  });

  test('goes on from a state dict as if nothing had happened', async () => {
    const params = start();
    const first = make(golden, params);
    for (let i = 0; i < 6; i++) takeStep(golden, first, params, i);
    const second = make(golden, params);
    second.loadStateDict(first.stateDict());
    for (let i = 6; i < 10; i++) takeStep(golden, second, params, i);
    for (const [j, parameter] of params.entries()) await expectTensor(parameter, golden.steps.at(-1)?.[j], `parameter ${j}`);
  });
});

test.each(fixture.clipping)(
  'clipGradNorm of order $normType to $maxNorm clips as PyTorch does',
  async ({ normType, maxNorm, total, gradients }) => {
    const params = start();
    for (const [j, parameter] of params.entries()) parameter.grad = fromJson(fixture.firstGradients[j]);
    const norm = clipGradNorm(params, maxNorm, { normType: normType === 'inf' ? Number.POSITIVE_INFINITY : Number(normType) });
    await expectTensor(norm, total, 'the norm');
    for (const [j, { grad }] of params.entries()) await expectTensor(grad, gradients[j], `gradient ${j}`);
  },
);

function start(): Parameter[] {
  return fixture.start.map((value) => new Parameter(fromJson(value)));
}

function make({ optimizer, options, second }: Case, params: readonly Parameter[]): AnyOptimizer {
  const given = second === null ? params : [{ params: params.slice(0, 1) }, { params: params.slice(1), ...second }];
  return new classes[optimizer](given as readonly Parameter[], options) as AnyOptimizer;
}

function takeStep({ lrAfter }: Case, optimizer: AnyOptimizer, params: readonly Parameter[], i: number): void {
  const [group] = optimizer.paramGroups;
  if (lrAfter !== null && i === 5 && group !== undefined) group.lr = lrAfter;
  optimizer.zeroGrad();
  for (const [j, parameter] of params.entries()) {
    const gradient = fixture.gradients[i]?.[j] ?? null;
    parameter.grad = gradient === null ? null : fromJson(gradient);
  }
  void optimizer.step();
}

function shapeOfState(state: object): unknown {
  return Object.entries(state).map(([number, entries]) => [number, Object.keys(entries)]);
}

function fromJson(value: TensorJson | undefined): Tensor {
  if (value === undefined) throw new Error('the fixture lacks a tensor');
  return tensor(new Float32Array(value.data), { shape: value.shape });
}

async function expectTensor(actual: Tensor | null | undefined, expected: TensorJson | undefined, what: string): Promise<void> {
  if (!actual || !expected) throw new Error(`${what} is missing`);
  expect(actual.shape, what).toEqual(expected.shape);
  const data = await actual.data();
  for (const [i, wanted] of expected.data.entries()) {
    const off = Math.abs(Number(data[i]) - wanted);
    if (!(off <= 1e-6 * (1 + Math.abs(wanted)))) expect.fail(`${what}: element ${i} is ${data[i]}, PyTorch has ${wanted}`);
  }
}
