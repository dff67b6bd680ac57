import { beforeEach, describe, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  return () => vi.restoreAllMocks();
});

/** A fresh copy of the library, in which nobody has chosen anything, and what it says on stderr. */
async function fresh() {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  return { ...(await import('./index.ts')), warn };
}

describe('without a choice', () => {
  test('the reference backend runs, and the first evaluation says once that @dl/backend-cpu is faster', async () => {
    const { tensor, warn } = await fresh();
    const sum = tensor([1, 2]).add(1);
    expect(warn).not.toHaveBeenCalled();
    expect(await sum.tolist()).toEqual([2, 3]);
    await tensor([1]).neg().tolist();
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^@dl: no backend chosen, so the reference backend runs: .*@dl\/backend-cpu.*useBackend\(await cpu\(\)\)\.$/)],
    ]);
  });
});

test('a backend that was chosen runs without a word, the reference backend too', async () => {
  const { currentBackend, reference, tensor, useBackend, warn } = await fresh();
  const backend = reference();
  useBackend(backend);
  expect(currentBackend()).toBe(backend);
  await tensor([1]).neg().tolist();
  expect(warn).not.toHaveBeenCalled();
});
