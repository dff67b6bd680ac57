import { DTypeError, GradientError, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { requiresGrad } from './requiresGrad.ts';

describe('requiresGrad', () => {
  test('marks a tensor and returns it', async () => {
    const x: Tensor = tensor([1, 2]);
    expect(requiresGrad(x)).toBe(x);
    expect(x.requiresGrad).toBe(true);
    expect(await x.tolist()).toEqual([1, 2]);
  });

  test('marks a recipe, whose value stays the same', async () => {
    const x = requiresGrad(tensor([1, 2]).mul(3));
    x.mul(x).sum().backward();
    expect(await x.grad?.tolist()).toEqual([6, 12]);
  });

  test('does not touch what was computed before', () => {
    const x = tensor([1, 2]);
    const before = x.mul(2);
    requiresGrad(x);
    expect(before.requiresGrad).toBe(false);
  });

  test('marks a leaf again, and thaws it', () => {
    const x = requiresGrad(tensor([1]));
    const { value } = x;
    x.requiresGrad = false;
    expect(requiresGrad(x).requiresGrad).toBe(true);
    expect(x.value).toBe(value);
  });

  test('refuses integers', () => {
    expect(() => requiresGrad(tensor([1], { dtype: 'int32' }))).toThrow(DTypeError);
    expect(() => requiresGrad(tensor([true]))).toThrow('requiresGrad: only float32 and float64 tensors have gradients; got bool');
  });

  test('refuses a value on the way from a leaf, and takes it detached', () => {
    const h = requiresGrad(tensor([1])).mul(2);
    expect(() => requiresGrad(h)).toThrow(GradientError);
    expect(requiresGrad(h.detach()).requiresGrad).toBe(true);
  });

  test('refuses what is no tensor', () => {
    expect(() => requiresGrad([1, 2] as never)).toThrow(/^requiresGrad: x must be a tensor; got \[1, 2\]/);
  });
});
