import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Tensor, tensor } from './index.ts';

describe('methods', () => {
  it('call the function of their name with the tensor as first argument', async () => {
    const x = tensor([
      [1, -2],
      [3, -4],
    ]);
    expect(await x.relu().sum({ dim: 1 }).tolist()).toEqual([1, 3]);
    expect(await x.where(x.gt(0), 0).tolist()).toEqual([
      [1, 0],
      [3, 0],
    ]);
    expect(await x.var().item()).toBeCloseTo(9.6667, 4);
  });

  it('are not enumerable, and live on the prototype', () => {
    const x = tensor([1]);
    for (const name in x) expect(name in Tensor.prototype && typeof Reflect.get(x, name) === 'function').toBe(false);
    expect(Object.keys(Tensor.prototype)).toEqual([]);
    expect(Object.hasOwn(Tensor.prototype, 'relu')).toBe(true);
  });

  it('print the tensor as a string and for console.log', () => {
    const x = tensor([1, 2.5]);
    expect(String(x)).toBe('tensor([1.0000, 2.5000])');
    expect(`${x.int()}`).toBe('tensor([1, 2], dtype=int32)');
    expect(inspect(x)).toBe(String(x));
    expect(inspect({ x })).toContain('tensor([1.0000, 2.5000])');
  });
});
