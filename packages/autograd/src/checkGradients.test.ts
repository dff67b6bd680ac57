import { ArgumentError, DTypeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { customGradient } from './customGradient.ts';

const point = [tensor([0.3, -0.7]), tensor([[1.5], [2]])];

describe('checkGradients', () => {
  test('accepts right gradients of both orders', async () => {
    await checkGradients((a, b) => a.sin().mul(b), point, { order: 2 });
    await checkGradients((a) => [a.exp(), a.argmax(), a.mul(a)], point, { order: 2 });
  });

  test('names the first element whose gradient is wrong', async () => {
    const wrong = customGradient(
      (x: Tensor) => x.mul(x),
      (g, { inputs: [x] }) => [g.mul(x).mul(tensor(Float64Array.of(2, 2.001)))],
    );
    await expect(checkGradients((a) => wrong(a), point.slice(0, 1))).rejects.toThrow(
      /^checkGradients: the gradient must be the slope; got \S+, measured \S+, at element 1 of input 0$/,
    );
  });

  test('finds a second gradient that is wrong where the first is right', async () => {
    const cut = customGradient(
      (x: Tensor) => x.mul(x),
      (g, { inputs: [x] }) => [g.mul(x.detach()).mul(2)],
    );
    await checkGradients((a) => cut(a), point);
    await expect(checkGradients((a) => cut(a), point, { order: 2 })).rejects.toThrow(/the second gradient must be the slope/);
  });

  test('moves as many elements as it is told to', async () => {
    let calls = 0;
    const counted = (x: Tensor): Tensor => {
      calls++;
      return x.sin();
    };
    await checkGradients(counted, [zeros([1000])], { elements: 5 });
    expect(calls).toBe(1 + 2 * 5);
  });

  test('a NaN is wrong', async () => {
    await expect(checkGradients((a) => a.sub(a).sqrt(), point)).rejects.toThrow(/NaN/);
  });

  test('refuses arguments out of range', async () => {
    await expect(checkGradients((a) => a, [tensor([1], { dtype: 'int32' })])).rejects.toThrow(DTypeError);
    await expect(checkGradients((a) => a, point, { eps: 0 })).rejects.toThrow(ArgumentError);
    await expect(checkGradients((a) => a, point, { tolerance: Number.NaN })).rejects.toThrow(ArgumentError);
    await expect(checkGradients((a) => a, point, { elements: 0 })).rejects.toThrow(/^checkGradients: elements must be a whole number/);
    await expect(checkGradients((a) => a, point, { order: 3 as never })).rejects.toThrow(/^checkGradients: order must be 1 or 2; got 3/);
  });
});
