import { readFileSync } from 'node:fs';
import { gradients, requiresGrad } from '@dl/autograd';
import { type DType, type Shape, Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

interface TensorJson {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: readonly (number | string)[];
}

/** A module called with `inputs[uses[0]], inputs[uses[1]], …`; gradients are of the inputs, then of the parameters. */
interface Case {
  readonly title: string;
  readonly module: string;
  readonly arguments: readonly unknown[];
  readonly training: boolean;
  readonly state: Readonly<Record<string, TensorJson>>;
  readonly inputs: readonly TensorJson[];
  readonly uses: readonly number[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TensorJson[];
  readonly cotangents: readonly TensorJson[];
  readonly gradients: readonly TensorJson[];
  /** Gradients of the sum of all squared gradients. */
  readonly seconds: readonly TensorJson[];
  readonly repr: string;
}

describe.each(['attention', 'transformers'])('the golden %s', (name) => {
  const cases: readonly Case[] = JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

  test.each(cases)('$title: outputs, gradients and printed form are PyTorch’s', async (golden) => {
    const { module, inputs, outputs } = run(golden, 'float64');
    const named = new Map(module.namedParameters());
    // PyTorch lists parameters in the order of the state dict.
    const wanted = [...inputs, ...Object.keys(golden.state).flatMap((key) => named.get(key) ?? [])];
    const createGraph = golden.seconds.length > 0;
    const first = gradients(outputs, wanted, { gradOutputs: golden.cotangents.map((json) => fromJson(json, 'float64')), createGraph });
    // The numbers are written with the digits of float32.
    await expectAll('output', outputs, golden.outputs, 2e-7);
    await expectAll('gradient', first, golden.gradients, 2e-7);
    if (createGraph) await expectAll('second derivative', secondsOf(first, wanted), golden.seconds, 2e-7);
    expect(module.toString()).toBe(golden.repr);
  });

  test.each(cases)('$title: float32 agrees to 1e-5', async (golden) => {
    await expectAll('output', run(golden, 'float32').outputs, golden.outputs, 1e-5);
  });
});

type Precision = 'float32' | 'float64';

function run(golden: Case, dtype: Precision) {
  const module = build(golden.module, golden.arguments).to(dtype).train(golden.training);
  expect(Object.keys(module.stateDict()).sort()).toEqual(Object.keys(golden.state).sort());
  module.loadStateDict(Object.fromEntries(Object.entries(golden.state).map(([key, value]) => [key, fromJson(value, dtype)])));
  const inputs = golden.inputs.map((input) => requiresGrad(fromJson(input, dtype)));
  const outputs = outputsOf(module(...([...golden.uses.map((use) => inputs[use]), optionsOf(golden.options, dtype)] as never[])));
  return { module, inputs, outputs };
}

function build(name: string, given: readonly unknown[]): nn.Module {
  const [layer, count, withNorm] = given as [readonly unknown[], number, boolean];
  const norm = () => (withNorm ? new nn.LayerNorm(layer[0] as number) : null);
  if (name === 'TransformerEncoder') return new nn.TransformerEncoder(made(nn.TransformerEncoderLayer, layer), count, { norm: norm() });
  if (name === 'TransformerDecoder') return new nn.TransformerDecoder(made(nn.TransformerDecoderLayer, layer), count, { norm: norm() });
  const classes: Readonly<Record<string, new (...given: never[]) => nn.Module>> = {
    MultiheadAttention: nn.MultiheadAttention,
    TransformerEncoderLayer: nn.TransformerEncoderLayer,
    TransformerDecoderLayer: nn.TransformerDecoderLayer,
    Transformer: nn.Transformer,
  };
  const Class = classes[name];
  if (Class === undefined) throw new Error(`no module ${name}`);
  return made(Class, given);
}

function made<M extends nn.Module>(Class: new (...given: never[]) => M, given: readonly unknown[]): M {
  return new Class(...(given as never[]));
}

function optionsOf(options: Readonly<Record<string, unknown>>, dtype: Precision): Readonly<Record<string, unknown>> {
  const isTensor = (value: unknown): value is TensorJson => typeof value === 'object' && value !== null && 'data' in value;
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, isTensor(value) ? fromJson(value, dtype) : value]));
}

function outputsOf(result: unknown): readonly Tensor[] {
  return [result].flat().filter((output): output is Tensor => output instanceof Tensor);
}

function secondsOf(first: readonly Tensor[], wanted: readonly Tensor[]): readonly (Tensor | null)[] {
  const squares = first.map((gradient) => gradient.mul(gradient).sum());
  return gradients(squares, wanted, { allowUnused: true });
}

/** The tolerance is relative to the greatest element, or 1. */
async function expectAll(
  what: string,
  actual: readonly (Tensor | null)[],
  expected: readonly TensorJson[],
  tolerance: number,
): Promise<void> {
  expect(actual.length, what).toBe(expected.length);
  for (const [i, wanted] of expected.entries()) {
    const values = wanted.data.map(numberOf);
    const found = actual[i];
    if (found) expect(found.shape, `${what} ${i}`).toEqual(wanted.shape);
    const data = found ? await found.data() : values.map(() => 0);
    const scale = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
    for (const [j, value] of values.entries()) {
      const close = Object.is(data[j], value) || Math.abs(Number(data[j]) - value) <= tolerance * scale;
      if (!close) expect.fail(`${what} ${i}: element ${j} is ${data[j]}, PyTorch has ${value}`);
    }
  }
}

function fromJson({ shape, dtype, data }: TensorJson, precision: Precision): Tensor {
  return tensor(new Float64Array(data.map(numberOf)), { shape, dtype: dtype === 'float64' ? precision : dtype });
}

/** Python's words for infinities and NaN. */
function numberOf(value: number | string): number {
  return typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'));
}
