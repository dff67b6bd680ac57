import { gradients, requiresGrad } from '@dl/autograd';
import { Tensor, zerosLike } from '@dl/tensor';
import * as nn from '../index.ts';
import { type Compare, compareList, same } from './compare.ts';
import type { Recorded } from './golden.ts';
import { construct } from './modules.ts';
import { fromJson, fromState, isTensorJson, type StateJson, type TensorJson } from './tensorJson.ts';

/** A module called with `inputs[uses[0]], inputs[uses[1]], …`; gradients are of the inputs, then of the parameters. */
interface Attentive {
  readonly title: string;
  readonly module: string;
  readonly arguments: readonly unknown[];
  readonly training: boolean;
  readonly state: StateJson;
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

type Precision = 'float32' | 'float64';

/**
 * Gradients in float32: PyTorch's own are up to 3.1e-5 from its float64, since normalised rows lose digits. Second derivatives reach 118
 * and lose four digits more, so they are held against PyTorch's in float64 alone.
 */
const gradientSlack = { float32: 4, float64: 1 };

/** Attention and transformers: outputs, gradients of inputs and parameters, in float64 second derivatives, the printed form. */
export function attentiveLayers(precision: Precision): (records: readonly Attentive[]) => readonly Recorded[] {
  return (records) =>
    records.map((record) => ({
      title: record.title,
      subject: record.module,
      check: (compare) => check(compare, record, precision),
    }));
}

async function check(compare: Compare, golden: Attentive, precision: Precision): Promise<void> {
  const module = build(golden.module, golden.arguments).to(precision).train(golden.training);
  same('the keys of the state', Object.keys(module.stateDict()).sort(), Object.keys(golden.state).sort());
  module.loadStateDict(fromState(golden.state, precision));
  const inputs = golden.inputs.map((input) => requiresGrad(fromJson(input, precision)));
  const outputs = outputsOf(module(...([...golden.uses.map((use) => inputs[use]), optionsOf(golden.options, precision)] as never[])));
  const named = new Map(module.namedParameters());
  // PyTorch lists parameters in the order of the state dict.
  const wanted = [...inputs, ...Object.keys(golden.state).flatMap((key) => named.get(key) ?? [])];
  const createGraph = precision === 'float64' && golden.seconds.length > 0;
  const first = gradients(outputs, wanted, { gradOutputs: golden.cotangents.map((json) => fromJson(json, precision)), createGraph });
  await compareList(compare, 'output', outputs, golden.outputs);
  const compareGradient: Compare = (what, actual, expected) => compare(what, actual, expected, gradientSlack[precision]);
  await compareList(compareGradient, 'gradient', first, golden.gradients);
  if (createGraph) await compareList(compare, 'second derivative', secondsOf(first, wanted), golden.seconds);
  same('the printed form', module.toString(), golden.repr);
}

/** Stacks are recorded as the arguments of their layer, their number, and whether a norm comes last. */
function build(name: string, given: readonly unknown[]): nn.Module {
  const [layer, count, withNorm] = given as [readonly unknown[], number, boolean];
  const norm = () => (withNorm ? new nn.LayerNorm(layer[0] as number) : null);
  if (name === 'TransformerEncoder') return new nn.TransformerEncoder(made(nn.TransformerEncoderLayer, layer), count, { norm: norm() });
  if (name === 'TransformerDecoder') return new nn.TransformerDecoder(made(nn.TransformerDecoderLayer, layer), count, { norm: norm() });
  return construct(name, given);
}

function made<M extends nn.Module>(Class: new (...given: never[]) => M, given: readonly unknown[]): M {
  return new Class(...(given as never[]));
}

function optionsOf(options: Readonly<Record<string, unknown>>, precision: Precision): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, isTensorJson(value) ? fromJson(value, precision) : value]));
}

function outputsOf(result: unknown): readonly Tensor[] {
  return [result].flat().filter((output): output is Tensor => output instanceof Tensor);
}

/** Where nothing depends on a leaf the derivative is 0. */
function secondsOf(first: readonly Tensor[], wanted: readonly Tensor[]): readonly Tensor[] {
  const squares = first.map((gradient) => gradient.mul(gradient).sum());
  const seconds = gradients(squares, wanted, { allowUnused: true });
  return wanted.map((leaf, i) => seconds[i] ?? zerosLike(leaf.detach()));
}
