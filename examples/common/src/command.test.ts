import { afterEach, expect, test, vi } from 'vitest';
import { exampleCommand, parseFlags } from './command.ts';
import { numberBetween } from './parsers.ts';

afterEach(() => vi.restoreAllMocks());

const parse = (...args: readonly string[]) => {
  const command = exampleCommand('letters', 'Trains letters.', { epochs: 3, batchSize: 8, lr: 0.1 });
  return parseFlags(command.option('--dropout <rate>', 'rate', numberBetween(0, 1)), args);
};

test('an example has its own defaults', () => {
  expect(parse()).toEqual({ epochs: 3, batchSize: 8, lr: 0.1, backend: 'cpu' });
});

test('an example may add flags', () => {
  expect(parse('--dropout', '0', '--seed', '4')).toMatchObject({ dropout: 0, seed: 4 });
});

test.each([
  [['--dropout', '1'], "option '--dropout <rate>' argument '1' is invalid. It must be a number from 0 up, below 1."],
  [['--dropout', ''], "option '--dropout <rate>' argument '' is invalid. It must be a number from 0 up, below 1."],
  [['--epochs', '1.5'], "option '--epochs <n>' argument '1.5' is invalid. It must be a whole number from 1 up."],
  [['--backend', 'reference', '--profile'], "option '--profile' is invalid. The reference backend has no profile."],
])('%j is refused in one line, with code 2', (args, message) => {
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => parse(...args)).toThrow('exit 2');
  expect(write.mock.calls.map(([text]) => text).join('')).toBe(`error: ${message}\n`);
});
