import { requiresGrad } from '@dl/autograd';
import { DTypeError, GradientError, Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { Buffer, Parameter } from './index.ts';

describe('a parameter', () => {
  test('is a tensor that requires gradients', async () => {
    const parameter = new Parameter(tensor([2, 3]));
    expect(parameter).toBeInstanceOf(Tensor);
    expect(parameter.requiresGrad).toBe(true);
    parameter.square().sum().backward();
    expect(await parameter.grad?.tolist()).toEqual([4, 6]);
  });

  test('may start frozen', () => {
    const parameter = new Parameter(zeros([2]), { requiresGrad: false });
    expect(parameter.requiresGrad).toBe(false);
    parameter.requiresGrad = true;
    expect(parameter.mul(2).requiresGrad).toBe(true);
  });

  test('leaves what it was made of alone', async () => {
    const start = tensor([1]);
    const parameter = new Parameter(start);
    parameter.assign(tensor([5]));
    expect(start.requiresGrad).toBe(false);
    expect([await start.item(), await parameter.item()]).toEqual([1, 5]);
  });

  test('takes the values of a tensor that requires gradients, not its graph', () => {
    const x = requiresGrad(tensor([1]));
    new Parameter(x.mul(2)).sum().backward();
    expect(x.grad).toBeNull();
  });

  test('keeps its gradient apart from a parameter made of it', () => {
    const first = new Parameter(tensor([1]));
    const second = new Parameter(first);
    second.sum().backward();
    expect(first.grad).toBeNull();
    expect(second.grad).not.toBeNull();
  });

  test('must hold fractions', () => {
    expect(() => new Parameter(zeros([2], { dtype: 'int32' }))).toThrow(DTypeError);
    expect(() => new Parameter([1, 2] as never)).toThrow('Parameter: data must be a tensor; got [1, 2]');
  });
});

describe('a buffer', () => {
  test('is a tensor that requires no gradient', () => {
    const buffer = new Buffer(zeros([2], { dtype: 'int32' }));
    expect(buffer.requiresGrad).toBe(false);
    expect(buffer.persistent).toBe(true);
    expect(new Buffer(zeros([2]), { persistent: false }).persistent).toBe(false);
    expect(() => {
      buffer.requiresGrad = true;
    }).toThrow(GradientError);
  });
});
