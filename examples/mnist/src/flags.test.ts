import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { parseFlags } from './flags.ts';

afterEach(() => vi.restoreAllMocks());

test("the defaults are the guide's", () => {
  expect(parseFlags([])).toEqual({ model: 'mlp', epochs: 5, batchSize: 64, lr: 0.001, backend: 'cpu' });
});

test('every flag is read', () => {
  const save = join(tmpdir(), 'x.safetensors');
  const numbers = ['--limit', '10', '--epochs', '2', '--batch-size', '3', '--lr', '1e-2', '--seed', '0', '--threads', '2'];
  expect(
    parseFlags([
      ...numbers,
      '--data',
      tmpdir(),
      '--save',
      save,
      '--model',
      'cnn',
      '--engine',
      'wasm',
      '--profile',
      '--schedule',
      'constant',
    ]),
  ).toEqual({
    ...{ limit: 10, epochs: 2, batchSize: 3, lr: 0.01, seed: 0, threads: 2 },
    ...{ data: tmpdir(), save, model: 'cnn', schedule: 'constant', backend: 'cpu', engine: 'wasm', profile: true },
  });
});

test.each(['reference', 'gpu'])('the %s backend takes one thread', (backend) => {
  expect(parseFlags(['--backend', backend, '--threads', '1'])).toMatchObject({ backend, threads: 1 });
});

test.each([
  [['--limit', 'abc'], "option '--limit <n>' argument 'abc' is invalid. It must be a whole number from 1 up."],
  [['--limit', '-5'], "option '--limit <n>' argument '-5' is invalid. It must be a whole number from 1 up."],
  [['--limit', '1.5'], "option '--limit <n>' argument '1.5' is invalid. It must be a whole number from 1 up."],
  [['--limit', ''], "option '--limit <n>' argument '' is invalid. It must be a whole number from 1 up."],
  [['--limit'], "option '--limit <n>' argument missing"],
  [['--epochs', '0'], "option '--epochs <n>' argument '0' is invalid. It must be a whole number from 1 up."],
  [['--epochs', '9007199254740992'], "option '--epochs <n>' argument '9007199254740992' is invalid. It must be a whole number from 1 up."],
  [['--batch-size', 'NaN'], "option '--batch-size <n>' argument 'NaN' is invalid. It must be a whole number from 1 up."],
  [['--lr', 'NaN'], "option '--lr <rate>' argument 'NaN' is invalid. It must be a number above 0."],
  [['--lr', '-0.1'], "option '--lr <rate>' argument '-0.1' is invalid. It must be a number above 0."],
  [['--lr', 'Infinity'], "option '--lr <rate>' argument 'Infinity' is invalid. It must be a number above 0."],
  [['--lr', ' '], "option '--lr <rate>' argument ' ' is invalid. It must be a number above 0."],
  [['--seed', '-1'], "option '--seed <n>' argument '-1' is invalid. It must be a whole number from 0 up."],
  [['--model', 'rnn'], "option '--model <name>' argument 'rnn' is invalid. Allowed choices are mlp, cnn."],
  [['--schedule', 'cosine'], "option '--schedule <name>' argument 'cosine' is invalid. Allowed choices are constant, one-cycle."],
  [['--backend', 'gpu', '--profile'], "option '--profile' is invalid. The gpu backend has no profile."],
  [['--backend', 'tpu'], "option '--backend <name>' argument 'tpu' is invalid. Allowed choices are cpu, reference, gpu."],
  [['--engine', 'asm'], "option '--engine <name>' argument 'asm' is invalid. Allowed choices are native, wasm."],
  [['--backend', 'gpu', '--engine', 'wasm'], "option '--engine <name>' argument 'wasm' is invalid. The gpu backend has one engine."],
  [['--backend', 'reference', '--threads', '2'], "option '--threads <n>' argument '2' is invalid. The reference backend has one thread."],
  [['--backend', 'gpu', '--threads', '2'], "option '--threads <n>' argument '2' is invalid. The gpu backend has one thread."],
  [['--data', '/no/such/folder'], "option '--data <dir>' argument '/no/such/folder' is invalid. There is no such folder."],
  [['--data', import.meta.filename], `option '--data <dir>' argument '${import.meta.filename}' is invalid. There is no such folder.`],
  [['--save', '/no/such/file'], "option '--save <file>' argument '/no/such/file' is invalid. Its folder does not exist."],
  [['--save', tmpdir()], `option '--save <file>' argument '${tmpdir()}' is invalid. It is a folder.`],
  [['--verbose'], "unknown option '--verbose'"],
  [['digits'], 'too many arguments. Expected 0 arguments but got 1.'],
])('%j is refused in one line, with code 2', (args, message) => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => parseFlags(args)).toThrow('exit 2');
  expect(exit).toHaveBeenCalledOnce();
  expect(write.mock.calls.map(([text]) => text).join('')).toBe(`error: ${message}\n`);
});
