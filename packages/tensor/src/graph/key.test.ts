import { expect, it } from 'vitest';
import { beginKey, copyKey, equalsKey, hashKey, push, pushParams, pushSpec, pushString } from './key.ts';

function keyOf(write: () => void): { key: Int32Array; hash: number } {
  beginKey();
  write();
  return { key: copyKey(), hash: hashKey() };
}

it('key: the same words give an equal key and hash, other words an unequal key', () => {
  const write = (last: number) => () => {
    pushString('matmul');
    pushParams({ dims: [1, 2], keepDim: true, mode: 'tanh' });
    pushSpec({ shape: [2, 3], dtype: 'float32' });
    push(last);
  };
  const first = keyOf(write(7));
  const second = keyOf(write(7));
  expect(second).toEqual(first);
  expect(equalsKey(first.key)).toBe(true);
  const other = keyOf(write(8));
  expect(equalsKey(first.key)).toBe(false);
  expect(other.key).not.toEqual(first.key);
});

it('key: lists of different lengths and numbers beyond 32 bits do not run into each other', () => {
  const keys = [{ a: [1], b: [2, 3] }, { a: [1, 2], b: [3] }, { a: 2 ** 40 }, { a: 2 ** 41 }, { a: 0.5 }, { a: 0 }].map((params) =>
    keyOf(() => pushParams(params)).key.join(),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

it('key: grows as long as the graph is', () => {
  const { key } = keyOf(() => {
    for (let i = 0; i < 100_000; i++) push(i);
  });
  expect(key.length).toBe(100_000);
  expect(key[99_999]).toBe(99_999);
});
