// Gradients of convolutions and poolings against PyTorch's: fixtures/windows.py.
import { readFileSync } from 'node:fs';
import * as functions from '@dl/tensor';
import { adopt, arange, type Tensor } from '@dl/tensor';
import { difference } from '@dl/tensor/testing';
import { describe, expect, test } from 'vitest';
import { gradients } from './gradients.ts';
import { requiresGrad } from './requiresGrad.ts';

type Floats = readonly (number | string)[];
type Case = readonly [
  name: string,
  inputs: readonly (readonly [shape: readonly number[], data: Floats])[],
  rest: readonly unknown[],
  gradients: readonly Floats[],
];

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../fixtures/windows.json', import.meta.url), 'utf8'));

describe('gradients are those of PyTorch', () => {
  const titled = cases.map((one) => ({ one, title: titleOf(one) }));
  test.each(titled)('$title', async ({ one: [name, inputs, rest, expected] }) => {
    const xs = inputs.map(([shape, data]) => requiresGrad(adopt(Float64Array.from(data, Number), shape)));
    const y = called(name, xs, rest);
    const weights = arange(1, y.numel() + 1, { dtype: 'float64' }).reshape(y.shape);
    for (const [i, gradient] of gradients(y.mul(weights).sum(), xs).entries()) {
      expect(difference(await gradient.data(), (expected[i] ?? []).map(Number), 1e-11), `input ${i}`).toBeNull();
    }
  });
});

function titleOf([name, inputs, rest]: Case): string {
  return `${name} of ${inputs.map(([shape]) => `[${shape.join(', ')}]`).join(', ')} with ${JSON.stringify(rest)}`;
}

/** A third input is the bias, which we take as an option. */
function called(name: string, [x, weight, bias]: readonly Tensor[], rest: readonly unknown[]): Tensor {
  const f = Reflect.get(functions, name) as (...rest: unknown[]) => Tensor;
  return weight === undefined ? f(x, ...rest) : f(x, weight, { ...(rest[0] as object), bias });
}
