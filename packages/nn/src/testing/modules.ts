import { requiresGrad } from '@dl/autograd';
import type { Tensor } from '@dl/tensor';
import * as nn from '../index.ts';
import { type Compare, compareAll, same } from './compare.ts';
import type { Recorded } from './golden.ts';
import { fromJson, fromState, isTensorJson, type StateJson, type TensorJson } from './tensorJson.ts';

interface Call {
  readonly inputs: readonly TensorJson[];
  readonly output: TensorJson;
  readonly cotangent: TensorJson;
  readonly inputGradients: readonly (TensorJson | null)[];
  readonly parameterGradients: StateJson;
}

/** A module's state, what it computes in some calls, and its state afterwards. */
interface Calls {
  readonly title: string;
  readonly state: StateJson;
  readonly calls: readonly Call[];
  readonly stateAfter: StateJson;
  readonly evaluation?: Call;
  readonly repr: string;
}

interface Layer extends Calls {
  readonly module: string;
  readonly arguments: readonly unknown[];
  readonly training: boolean;
}

interface Parametrized extends Calls {
  readonly layer: string;
  readonly arguments: readonly unknown[];
  readonly place: 'utils' | 'parametrizations';
  readonly name: string;
  readonly options: object;
}

/** Layers and losses: what they compute, the gradients of inputs and parameters, running statistics, the printed form. */
export function layers(records: readonly Layer[]): readonly Recorded[] {
  return records.map((record) => ({
    title: record.title,
    subject: record.module,
    check: (compare) => checkCalls(compare, construct(record.module, record.arguments.map(argumentOf)).train(record.training), record),
  }));
}

/** Layers whose weights are computed from others. */
export function parametrizedLayers(records: readonly Parametrized[]): readonly Recorded[] {
  return records.map((record) => ({
    title: record.title,
    subject: `${record.place}.${record.name}`,
    check: (compare) => checkCalls(compare, parametrize(record), record),
  }));
}

/** The module of that name, made with these arguments. */
export function construct(name: string, given: readonly unknown[]): nn.Module {
  const Class: unknown = Reflect.get(nn, name);
  if (typeof Class !== 'function') throw new Error(`no module ${name}`);
  const made: unknown = Reflect.construct(Class, given);
  if (made instanceof nn.Module) return made;
  throw new Error(`${name} is no module`);
}

// ---------------------------------------------------------------------------------------------------------------------

function argumentOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, option]) => [key, isTensorJson(option) ? fromJson(option) : option]));
}

function parametrize({ layer, arguments: given, place, name, options }: Parametrized): nn.Module {
  const functions: object = place === 'utils' ? nn.utils : nn.utils.parametrizations;
  const parametrization: unknown = Reflect.get(functions, name);
  if (typeof parametrization !== 'function') throw new Error(`no function ${name}`);
  return parametrization(construct(layer, given), options) as nn.Module;
}

async function checkCalls(compare: Compare, module: nn.Module, golden: Calls): Promise<void> {
  same('the keys of the state', Object.keys(module.stateDict()).sort(), Object.keys(golden.state).sort());
  module.loadStateDict(fromState(golden.state));
  for (const call of golden.calls) await checkCall(compare, module, call);
  await compareAll(compare, module.stateDict(), golden.stateAfter);
  module.eval();
  if (golden.evaluation !== undefined) await checkCall(compare, module, golden.evaluation);
  same('the printed form', module.toString(), golden.repr);
}

async function checkCall(compare: Compare, module: nn.Module, call: Call): Promise<void> {
  module.zeroGrad();
  const inputs = call.inputs.map((input, i) => (call.inputGradients[i] ? requiresGrad(fromJson(input)) : fromJson(input)));
  const output: unknown = module(...(inputs as never[]));
  const result = output as Tensor;
  if (result.requiresGrad) result.backward({ gradient: fromJson(call.cotangent) });
  await compare('output', result, call.output);
  for (const [i, input] of inputs.entries()) {
    const expected = call.inputGradients[i];
    if (expected) await compare(`gradient of input ${i}`, input.grad, expected);
  }
  const gradients = Object.fromEntries(module.namedParameters().map(([key, { grad }]) => [key, grad]));
  await compareAll((what, actual, expected) => compare(`gradient of ${what}`, actual, expected), gradients, call.parameterGradients);
}
