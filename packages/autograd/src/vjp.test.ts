import { ArgumentError, matmul, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { grad } from './grad.ts';
import { hessian, jacobian } from './jacobian.ts';
import { noGrad } from './modes.ts';
import { requiresGrad } from './requiresGrad.ts';
import { jvp, vjp } from './vjp.ts';

const double = (...data: number[]): Tensor => tensor(Float64Array.from(data));
const matrix = (rows: number, ...data: number[]): Tensor => double(...data).reshape([rows, -1]);

describe('vjp', () => {
  test('pulls any number of cotangents back', async () => {
    const [y, pull] = vjp((a, b) => a.mul(b), double(1, 2), double(3, 4));
    expect(await y.tolist()).toEqual([3, 8]);
    const [da, db] = pull(double(1, 10));
    expect([await da.tolist(), await db.tolist()]).toEqual([
      [3, 40],
      [1, 20],
    ]);
    const [again] = pull(double(0, 1));
    expect(await again.tolist()).toEqual([0, 4]);
  });

  test('refuses a cotangent that does not fit', () => {
    const [, pull] = vjp((x) => x.mul(2), double(1, 2));
    expect(() => pull(double(1))).toThrow(ShapeError);
  });

  test('gives constants unless something else requires a gradient', () => {
    const [y, pull] = vjp((x) => x.exp(), double(1));
    expect([y.requiresGrad, pull(double(1))[0].requiresGrad]).toEqual([false, false]);
    const [z, pullZ] = vjp((x) => x.exp(), requiresGrad(double(1)));
    expect([z.requiresGrad, pullZ(double(1))[0].requiresGrad]).toEqual([true, true]);
  });
});

describe('jvp', () => {
  test('is the derivative along the tangents', async () => {
    const a = matrix(2, 1, 2, 3, 4);
    const b = matrix(2, 5, 6, 7, 8);
    const [y, slope] = jvp(matmul, [a, b], [matrix(2, 1, 0, 0, 0), matrix(2, 0, 0, 1, 0)]);
    expect(await y.tolist()).toEqual(await matmul(a, b).tolist());
    // [1 0; 0 0] b + a [0 0; 1 0]
    expect(await slope.tolist()).toEqual([
      [7, 6],
      [4, 0],
    ]);
  });

  test('works inside noGrad and of functions that do not depend on their argument', async () => {
    const [, slope] = noGrad(() => jvp((x) => x.sin(), [double(0)], [double(2)]));
    expect(await slope.tolist()).toEqual([2]);
    const [, zero] = jvp((_x) => double(1, 2), [double(0)], [double(2)]);
    expect(await zero.tolist()).toEqual([0, 0]);
  });

  test('can be differentiated from outside, and is a constant otherwise', async () => {
    const slope = (x: Tensor): Tensor => jvp((v) => v.mul(v).mul(v), [x], [double(1)])[1].sum(); // 3 x²
    expect(await grad(slope)(double(2)).tolist()).toEqual([12]);
    expect(slope(double(2)).requiresGrad).toBe(false);
  });

  test('refuses tangents that do not fit', () => {
    expect(() => jvp((x) => x, [double(1)], [double(1, 2)])).toThrow(ShapeError);
    expect(() => jvp((x) => x, [double(1)], [] as never)).toThrow(ArgumentError);
  });
});

describe('jacobian and hessian', () => {
  test('have the output dims first, the input dims last', async () => {
    const weight = matrix(3, 1, 2, 3, 4, 5, 6);
    const jacobi = jacobian((x) => weight.matmul(x), double(1, 2));
    expect(await jacobi.tolist()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(jacobian((x) => x.mul(x), matrix(2, 1, 2, 3, 4)).shape).toEqual([2, 2, 2, 2]);
  });

  test('of a product of neighbours', async () => {
    const f = (x: Tensor): Tensor => x.prod();
    expect(await hessian(f, double(2, 3, 4)).tolist()).toEqual([
      [0, 4, 3],
      [4, 0, 2],
      [3, 2, 0],
    ]);
  });

  test('of nothing are empty, of constants zero', async () => {
    expect(jacobian((x) => x.mul(2), tensor(new Float64Array(0))).shape).toEqual([0, 0]);
    expect(await jacobian((_x) => double(1), double(1, 2)).tolist()).toEqual([[0, 0]]);
  });
});
