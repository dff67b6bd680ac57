import { type Compare, same } from '@dl/nn/testing';
import { given, type TensorJson } from './tensorJson.ts';

/** The state of each parameter, as an optimizer's state dict and the fixtures have it. */
export type StateJson = Readonly<Record<number, Readonly<Record<string, TensorJson | number>>>>;

/** The same keys in the same order, tensors as near as `compare` asks, numbers to `1e-6 (1 + |expected|)`. */
export async function checkState(compare: Compare, actual: Readonly<Record<number, object>>, expected: StateJson): Promise<void> {
  same('the layout of the state', layoutOf(actual), layoutOf(expected));
  for (const [number, entries] of Object.entries(expected)) {
    for (const [key, value] of Object.entries(entries)) {
      const found: unknown = Reflect.get(given(actual[Number(number)]), key);
      if (typeof value === 'number') checkNumber(`${number}.${key}`, found, value);
      else await compare(`${number}.${key}`, found, value);
    }
  }
}

export function checkNumber(what: string, actual: unknown, expected: number, tolerance = 1e-6): void {
  if (!(Math.abs(Number(actual) - expected) <= tolerance * (1 + Math.abs(expected))))
    throw new Error(`${what} is ${actual}, PyTorch has ${expected}`);
}

function layoutOf(state: object): unknown {
  return Object.entries(state).map(([number, entries]) => [number, Object.keys(entries)]);
}
