import { afterEach, expect, test, vi } from 'vitest';
import { parseFlags } from './flags.ts';

afterEach(() => vi.restoreAllMocks());

test('every flag is read', () => {
  const model = ['--context', '16', '--layers', '2', '--dim', '24', '--heads', '3', '--steps', '0', '--batch-size', '5', '--lr', '1e-2'];
  const writing = ['--temperature', '0', '--top-k', '7', '--length', '9', '--prompt', 'Ahab', '--no-cache', '--load', 'x', '--seed', '1'];
  expect(parseFlags([...model, ...writing, '--backend', 'reference'])).toEqual({
    ...{ context: 16, layers: 2, dim: 24, heads: 3, steps: 0, batchSize: 5, lr: 0.01, backend: 'reference', seed: 1 },
    ...{ temperature: 0, topK: 7, length: 9, prompt: 'Ahab', cache: false, load: 'x' },
  });
  expect(parseFlags([])).toMatchObject({ cache: true, backend: 'cpu' });
});

test.each([
  [['--steps', '-1'], "option '--steps <n>' argument '-1' is invalid. It must be a whole number from 0 up."],
  [['--context', '1'], "option '--context <n>' argument '1' is invalid. It must be a whole number from 2 up."],
  [['--heads', '3'], "option '--heads <n>' argument '3' is invalid. Each head must get an even share of --dim, 128."],
  [['--lr', '0'], "option '--lr <rate>' argument '0' is invalid. It must be a number above 0."],
  [['--temperature', '-1'], "option '--temperature <t>' argument '-1' is invalid. It must be a number from 0 up, below 100."],
  [['--top-k', '0'], "option '--top-k <n>' argument '0' is invalid. It must be a whole number from 1 up."],
  [['--prompt', ''], "option '--prompt <text>' argument '' is invalid. It must not be empty."],
  [['--save', '/no/such/file'], "option '--save <file>' argument '/no/such/file' is invalid. Its folder does not exist."],
  [['--backend', 'reference', '--profile'], "option '--profile' is invalid. The reference backend has no profile."],
  [['whale'], 'too many arguments. Expected 0 arguments but got 1.'],
])('%j is refused in one line, with code 2', (args, message) => {
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => parseFlags(args)).toThrow('exit 2');
  expect(write.mock.calls.map(([text]) => text).join('')).toBe(`error: ${message}\n`);
});
