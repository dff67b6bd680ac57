import { ArgumentError, GradientError, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { gradients } from './gradients.ts';
import { requiresGrad } from './requiresGrad.ts';

const leaf = (...data: number[]): Tensor => requiresGrad(tensor(Float64Array.from(data)));

describe('gradients', () => {
  test('gives one gradient for each x and leaves grad alone', async () => {
    const a = leaf(2);
    const b = leaf(3);
    const [da, db] = gradients(a.mul(a).mul(b).sum(), [a, b]);
    expect([await da.tolist(), await db.tolist()]).toEqual([[12], [4]]);
    expect([a.grad, b.grad]).toEqual([null, null]);
  });

  test('takes values on the way, and leaves behind them', async () => {
    const x = leaf(2);
    const h = x.mul(x);
    const y = h.mul(h).add(x).sum();
    const [dh, dx] = gradients(y, [h, x]);
    expect([await dh.tolist(), await dx.tolist()]).toEqual([[8], [33]]);
  });

  test('of a tensor with respect to itself is the gradient it starts from', async () => {
    const x = leaf(2);
    const y = x.mul(3).sum();
    const [dy] = gradients(y, [y]);
    expect(await dy.item()).toBe(1);
  });

  test('adds up the gradients of several y', async () => {
    const x = leaf(1, 2);
    const [dx] = gradients([x.mul(x), x.sum()], [x], { gradOutputs: [tensor(Float64Array.of(1, 10)), tensor(100, { dtype: 'float64' })] });
    expect(await dx.tolist()).toEqual([102, 140]);
  });

  test('nests: first, second and third derivative of a quartic', async () => {
    const x = leaf(2);
    const [first] = gradients(x.pow(4).sum(), [x], { createGraph: true });
    const [second] = gradients(first, [x], { createGraph: true });
    const [third] = gradients(second, [x], { createGraph: true });
    expect([await first.item(), await second.item(), await third.item()]).toEqual([32, 48, 48]);
  });

  test('can be part of a loss: a gradient penalty', async () => {
    const x = leaf(1, 2);
    const w = leaf(3, 4);
    const [slope] = gradients(x.mul(x).mul(w).sum(), [x], { createGraph: true }); // 2 w x
    slope.mul(slope).sum().backward(); // Σ 4 w² x²
    expect(await w.grad?.tolist()).toEqual([24, 128]);
    expect(await x.grad?.tolist()).toEqual([72, 256]);
  });

  test('computes together what it gives', async () => {
    const a = leaf(2);
    const b = leaf(3);
    const [da, db] = gradients(a.mul(b).exp().sum(), [a, b]);
    await da.data();
    expect(db.value.storage).not.toBeNull();
  });

  test('gives two tensors for one value', () => {
    const a = leaf(2);
    const b = leaf(3);
    const [da, db] = gradients(a.add(b).sum(), [a, b]);
    expect(da).not.toBe(db);
  });

  test('names an x that is not used, or gives null for it', async () => {
    const a = leaf(2);
    const b = leaf(3);
    const y = a.mul(a).sum();
    expect(() => gradients(y, [a, b])).toThrow('gradients: y does not depend on xs[1]; pass { allowUnused: true } to get null for it');
    const [da, db] = gradients(y, [a, b], { allowUnused: true });
    expect(await da?.tolist()).toEqual([4]);
    expect(db).toBeNull();
  });

  test('names an x that requires no gradient', () => {
    const a = leaf(2);
    const plain = tensor(Float64Array.of(1));
    expect(() => gradients(a.mul(plain).sum(), [a, plain])).toThrow(GradientError);
    expect(() => gradients(a.mul(plain).sum(), [plain])).toThrow(/^gradients: xs\[0\] does not require a gradient/);
  });

  test('refuses what is no tensor, and gradients to start from that do not fit', () => {
    const a = leaf(1, 2);
    expect(() => gradients(a.mul(2), [a])).toThrow(GradientError);
    expect(() => gradients(a.mul(2), [a], { gradOutputs: tensor(Float64Array.of(1)) })).toThrow(ShapeError);
    expect(() => gradients([a.sum(), a.sum()], [a], { gradOutputs: [tensor(1)] })).toThrow(ArgumentError);
    expect(() => gradients(a.sum(), a as never)).toThrow(/^gradients: xs must be an array of tensors/);
    expect(() => gradients(a.sum(), [3] as never)).toThrow(/^gradients: xs\[0\] must be a tensor/);
    expect(() => gradients(3 as never, [a])).toThrow(/^gradients: y must be an array of tensors; got 3/);
  });
});
