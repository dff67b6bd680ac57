import { ArgumentError, DTypeError, debug, ShapeError, sum, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { grad, valueAndGrad } from './grad.ts';
import { gradients } from './gradients.ts';
import { noGrad } from './modes.ts';
import { requiresGrad } from './requiresGrad.ts';

const double = (...data: number[]): Tensor => tensor(Float64Array.from(data));
const cube = (x: Tensor): Tensor => x.mul(x).mul(x).sum();

describe('grad', () => {
  test('is the gradient for the first argument', async () => {
    expect(await grad(cube)(double(1, 2)).tolist()).toEqual([3, 12]);
  });

  test('nests', async () => {
    const slope = (x: Tensor): Tensor => grad(cube)(x).sum();
    const bend = (x: Tensor): Tensor => grad(slope)(x).sum();
    expect(await grad(slope)(double(2)).tolist()).toEqual([12]);
    expect(await grad(bend)(double(2)).tolist()).toEqual([6]);
  });

  test('keeps nested variables apart', async () => {
    // d/dx (x · d/dy (x + y)) = 1: the perturbation of y is not that of x.
    const inner = (x: Tensor): Tensor => grad((y: Tensor) => x.add(y).sum())(x);
    expect(await grad((x: Tensor) => x.mul(inner(x)).sum())(double(1)).tolist()).toEqual([1]);
  });

  test('takes the arguments that argnums names', async () => {
    const f = (a: Tensor, b: Tensor, k: number): Tensor => a.mul(b).mul(k).sum();
    const db: Tensor = grad(f, { argnums: 1 })(double(2), double(3), 10);
    expect(await db.tolist()).toEqual([20]);
    const both: readonly [Tensor, Tensor] = grad(f, { argnums: [1, 0] })(double(2), double(3), 10);
    expect(await Promise.all(both.map((g) => g.tolist()))).toEqual([[20], [30]]);
  });

  test('gives arrays and objects of gradients for arrays and objects of tensors', async () => {
    const loss = ({ weight, biases: [b, unused] }: { weight: Tensor; biases: [Tensor, Tensor] }): Tensor =>
      weight.mul(b).add(unused.mul(0)).sum();
    const slopes = grad(loss)({ weight: double(2), biases: [double(3), double(4)] });
    expect(Object.keys(slopes)).toEqual(['weight', 'biases']);
    expect(await slopes.weight.tolist()).toEqual([3]);
    expect(await Promise.all(slopes.biases.map((g) => g.tolist()))).toEqual([[2], [0]]);
  });

  test('is zero for what the value does not depend on', async () => {
    expect(await grad((_x: Tensor) => double(1).sum())(double(1, 2)).tolist()).toEqual([0, 0]);
  });

  test('is a constant if nothing else requires a gradient, and leaves the argument as it was', () => {
    const x = double(2);
    expect(grad(cube)(x).requiresGrad).toBe(false);
    expect(x.requiresGrad).toBe(false);
    const [value] = valueAndGrad(cube)(x);
    expect(value.requiresGrad).toBe(false);
  });

  test('can be differentiated for leaves that the function or its argument depend on', async () => {
    const w = requiresGrad(double(3));
    const slope = grad((x: Tensor) => x.mul(x).mul(w).sum())(double(2)); // 2 x w
    const [dw] = gradients(slope.sum(), [w]);
    expect(await dw.tolist()).toEqual([4]);
    const [dThrough] = gradients(grad(cube)(w.mul(2)).sum(), [w]); // 3 (2w)², slope 24 w
    expect(await dThrough.tolist()).toEqual([72]);
    expect(w.grad).toBeNull();
  });

  test('works inside noGrad, and is a constant then', async () => {
    const w = requiresGrad(double(3));
    const slope = noGrad(() => grad(cube)(w));
    expect(slope.requiresGrad).toBe(false);
    expect(await slope.tolist()).toEqual([27]);
  });

  test('nests in debug mode too, where each operation is evaluated at once', async () => {
    debug({ checkNaN: false });
    try {
      const slope = (x: Tensor): Tensor => grad(cube)(x).sum();
      expect(await grad(slope)(double(2)).tolist()).toEqual([12]);
    } finally {
      debug(false);
    }
  });

  test('refuses what cannot be differentiated', () => {
    expect(() => grad((x: Tensor) => x.mul(2))(double(1, 2))).toThrow(ShapeError);
    expect(() => grad((x: Tensor) => x.sum())(tensor([1], { dtype: 'int32' }))).toThrow(DTypeError);
    expect(() => grad((x: Tensor) => x.argmax())(double(1, 2))).toThrow(DTypeError);
    expect(() => grad((x: { a: number }) => sum(double(x.a)))({ a: 3 })).toThrow(
      /^grad: what is differentiated for must be a tensor, or arrays/,
    );
    expect(() => grad(cube, { argnums: 1 } as never)(double(1))).toThrow(/^grad: argnums must name arguments, from 0 to 0; got 1/);
    expect(() => grad((() => 3) as never)(double(1))).toThrow(ArgumentError);
    expect(() => grad((async (x: Tensor) => x) as never)(double(1))).toThrow(ArgumentError);
  });
});

describe('valueAndGrad', () => {
  test('gives the value too, computed together', async () => {
    const [value, slope] = valueAndGrad(cube)(double(1, 2));
    expect(await value.item()).toBe(9);
    expect(slope.value.storage).not.toBeNull();
    expect(await slope.tolist()).toEqual([3, 12]);
  });

  test('steps down a hill', async () => {
    let x = double(5);
    for (let i = 0; i < 50; i++) {
      const [, slope] = valueAndGrad((v: Tensor) => v.sub(2).pow(2).sum())(x);
      x = x.sub(slope.mul(0.3));
    }
    expect((await x.data())[0]).toBeCloseTo(2, 10);
  });
});
