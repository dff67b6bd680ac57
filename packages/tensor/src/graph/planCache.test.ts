import { expect, it } from 'vitest';
import { beginKey, push } from './key.ts';
import { type Plan, PlanCache } from './planCache.ts';

function plan(key: Int32Array, released: number[]): Plan {
  const executable = { run: () => ({ outputs: [], done: Promise.resolve() }), release: () => void released.push(key[0] as number) };
  return { key, executable, roots: [], donated: [], scalarCount: 0, constants: [], lastUse: 0 };
}

function find(cache: PlanCache, word: number, released: number[]): Plan {
  beginKey();
  push(word);
  return cache.find((key) => plan(key, released));
}

it('plan cache: gives the same plan for the same structure', () => {
  const cache = new PlanCache();
  const first = find(cache, 1, []);
  expect(find(cache, 2, [])).not.toBe(first);
  expect(find(cache, 1, [])).toBe(first);
  expect(cache.size).toBe(2);
});

it('plan cache: is bounded, and the plan that was not used for longest makes room', () => {
  const cache = new PlanCache();
  const released: number[] = [];
  for (let word = 0; word < 512; word++) find(cache, word, released);
  find(cache, 0, released);
  find(cache, 1000, released);
  expect(cache.size).toBe(512);
  expect(released).toEqual([1]);
});
