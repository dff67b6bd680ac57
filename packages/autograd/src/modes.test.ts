import { ArgumentError, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { enableGrad, isGradEnabled, noGrad } from './modes.ts';
import { requiresGrad } from './requiresGrad.ts';

describe('noGrad and enableGrad', () => {
  test('switch recording and restore it', () => {
    expect(isGradEnabled()).toBe(true);
    noGrad(() => {
      expect(isGradEnabled()).toBe(false);
      enableGrad(() => expect(isGradEnabled()).toBe(true));
      expect(isGradEnabled()).toBe(false);
    });
    expect(isGradEnabled()).toBe(true);
  });

  test('return what the function returns', () => {
    const x = requiresGrad(tensor([1]));
    const [y, name] = noGrad(() => [x.mul(2), 'doubled'] as const);
    expect([y.requiresGrad, name]).toEqual([false, 'doubled']);
    expect(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
  });

  test('restore the mode when the function throws', () => {
    expect(() =>
      noGrad(() => {
        throw new RangeError('stop');
      }),
    ).toThrow(RangeError);
    expect(isGradEnabled()).toBe(true);
  });

  test('refuse a function that returns a promise, and restore the mode', () => {
    const later = async (): Promise<Tensor> => tensor([1]);
    expect(() => noGrad(later as never)).toThrow(ArgumentError);
    expect(() => enableGrad(later as never)).toThrow(/^enableGrad: the function must be synchronous/);
    expect(isGradEnabled()).toBe(true);
  });
});
