import { requiresGrad } from '@dl/autograd';
import type { Tensor } from '@dl/tensor';
import { functional } from '../index.ts';
import type { Compare } from './compare.ts';
import type { Recorded } from './golden.ts';
import { fromJson, isTensorJson, numberOf, type TensorJson } from './tensorJson.ts';

interface Called {
  readonly title: string;
  readonly function: string;
  readonly inputs: readonly TensorJson[];
  readonly arguments: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: TensorJson;
  readonly cotangent: TensorJson;
  readonly inputGradients: readonly (TensorJson | null)[];
}

/** Functions without a layer of their own: what they compute, and the gradients of their inputs. */
export function functions(records: readonly Called[]): readonly Recorded[] {
  return records.map((record) => ({ title: record.title, subject: record.function, check: (compare) => check(compare, record) }));
}

async function check(compare: Compare, golden: Called): Promise<void> {
  const f: unknown = Reflect.get(functional, golden.function);
  if (typeof f !== 'function') throw new Error(`no function ${golden.function}`);
  const inputs = golden.inputs.map((input, i) => (golden.inputGradients[i] ? requiresGrad(fromJson(input)) : fromJson(input)));
  const options = Object.fromEntries(Object.entries(golden.options).map(([key, value]) => [key, optionOf(value)]));
  const output: Tensor = f(...inputs, ...golden.arguments, ...(Object.keys(options).length === 0 ? [] : [options]));
  output.backward({ gradient: fromJson(golden.cotangent) });
  await compare('output', output, golden.output);
  for (const [i, input] of inputs.entries()) {
    const expected = golden.inputGradients[i];
    if (expected) await compare(`gradient of input ${i}`, input.grad, expected);
  }
}

function optionOf(value: unknown): unknown {
  if (value === 'inf') return numberOf(value);
  return isTensorJson(value) ? fromJson(value) : value;
}
