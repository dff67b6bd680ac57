import { ArgumentError, type Tensor, tensor } from '@dl/tensor';
import { replace } from '@dl/tensor/internal';
import { describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { customGradient } from './customGradient.ts';
import { gradients } from './gradients.ts';
import { noGrad } from './modes.ts';
import { requiresGrad } from './requiresGrad.ts';

const leaf = (...data: number[]): Tensor => requiresGrad(tensor(Float64Array.from(data)));

const exp = customGradient(
  (x: Tensor) => x.exp(),
  (g, { output }) => [g.mul(output)],
);
const product = customGradient(
  (a: Tensor, b: Tensor) => a.mul(b),
  (g, { inputs: [a, b] }) => [g.mul(b), g.mul(a)],
);

describe('customGradient', () => {
  test('has the value of forward and the gradient of backward', async () => {
    const straightThrough = customGradient(
      (x: Tensor) => x.round(),
      (g) => [g.mul(10)],
    );
    const x = leaf(1.2, 2.7);
    const y = straightThrough(x);
    expect(await y.tolist()).toEqual([1, 3]);
    y.sum().backward();
    expect(await x.grad?.tolist()).toEqual([10, 10]);
  });

  test('has gradients of all orders if backward is differentiable', async () => {
    await checkGradients(exp, [tensor([0.3, -1])], { order: 2 });
    await checkGradients(product, [tensor([0.3, -1]), tensor([2, 3])], { order: 2 });
    const x = leaf(2);
    const [first] = gradients(exp(x).sum(), [x], { createGraph: true });
    const [second] = gradients(first, [x], { createGraph: true });
    const [third] = gradients(second, [x]);
    expect(await third.item()).toBeCloseTo(Math.E ** 2, 12);
  });

  test('null stops the gradient of one input', async () => {
    const onlyFirst = customGradient(
      (a: Tensor, b: Tensor) => a.mul(b),
      (g, { inputs: [, b] }) => [g.mul(b), null],
    );
    const a = leaf(2);
    const b = leaf(3);
    onlyFirst(a, b).sum().backward();
    expect(await a.grad?.tolist()).toEqual([3]);
    expect(b.grad).toBeNull();
  });

  test('forward is not recorded, not even for what it captures', () => {
    const captured = leaf(5);
    const f = customGradient(
      (x: Tensor) => x.mul(captured),
      (g) => [g],
    );
    const x = leaf(1);
    f(x).sum().backward();
    expect(captured.grad).toBeNull();
  });

  test('a captured tensor that backward returns stays the user’s', async () => {
    const kept = tensor(Float64Array.of(4));
    const f = customGradient(
      (x: Tensor) => x.mul(2),
      () => [kept],
    );
    const x = leaf(1);
    f(x).sum().backward();
    x.grad = null;
    expect(await kept.tolist()).toEqual([4]);
  });

  test('backward gets the inputs of the call, also after a step', async () => {
    const p = leaf(2);
    const y = product(p, p).sum();
    const next = noGrad(() => p.mul(10));
    await replace([{ target: p, next }]);
    y.backward();
    expect(await p.grad?.tolist()).toEqual([4]);
  });

  test('is not recorded inside noGrad', () => {
    expect(noGrad(() => exp(leaf(1))).requiresGrad).toBe(false);
  });

  test('refuses what does not fit', () => {
    const wrongCount = customGradient(
      (a: Tensor, b: Tensor) => a.add(b),
      (g) => [g],
    );
    expect(() => wrongCount(leaf(1), leaf(2)).sum().backward()).toThrow(
      /^customGradient: the backward function must return an array of one cotangent for each input, 2/,
    );
    const wrongShape = customGradient(
      (x: Tensor) => x.sum(),
      (g) => [g],
    );
    expect(() => wrongShape(leaf(1, 2)).backward()).toThrow(
      /^customGradient: cotangent 0 must be like its input, float64 \[2\]; got float64 \[\]/,
    );
    expect(() => exp(3 as never)).toThrow(/^customGradient: input 0 must be a tensor/);
    expect(() => customGradient((() => 3) as never, () => [])()).toThrow(
      /^customGradient: the result of the forward function must be a tensor/,
    );
    expect(() => customGradient((async (x: Tensor) => x) as never, (g) => [g])(leaf(1))).toThrow(ArgumentError);
  });
});
