import { describe, expect, it } from 'vitest';
import { MemoryPool } from './memoryPool.ts';

describe('MemoryPool', () => {
  it('hands out arrays of the same size only, the last given first', () => {
    const pool = new MemoryPool(1000);
    const [first, second] = [new Uint8Array(8), new Uint8Array(8)];
    pool.give(first, 0);
    pool.give(second, 0);
    expect(pool.take(4, 0)).toBeUndefined();
    expect(pool.take(8, 0)).toBe(second);
    expect(pool.take(8, 0)).toBe(first);
    expect(pool.take(8, 0)).toBeUndefined();
  });

  it('holds back what a run may still use', () => {
    const pool = new MemoryPool(1000);
    const [busy, idle] = [new Uint8Array(8), new Uint8Array(8)];
    pool.give(idle, 3);
    pool.give(busy, 5);
    expect(pool.take(8, 4)).toBe(idle);
    expect(pool.take(8, 4)).toBeUndefined();
    expect(pool.take(8, 5)).toBe(busy);
  });

  it('keeps no more than its capacity, and drops sizes first that were given long ago', () => {
    const pool = new MemoryPool(100);
    pool.give(new Uint8Array(60), 0);
    pool.give(new Uint8Array(30), 0);
    pool.give(new Uint8Array(30), 0);
    expect(pool.bytes).toBe(60);
    expect(pool.take(60, 0)).toBeUndefined();
    pool.give(new Uint8Array(101), 0);
    expect(pool.bytes).toBe(60);
  });
});
