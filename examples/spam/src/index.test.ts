import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runExample } from '@dl/example-common/testing';
import { loadSafetensorsHeader } from '@dl/formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const spam = (...args: readonly string[]): Promise<Outcome> => runExample(join(import.meta.dirname, '..'), ...args);
const small = ['--limit', '200', '--epochs', '2', '--max-length', '40', '--vocabulary', '500', '--seed', '3'];

/** What was printed but for the line of the backend. */
const resultsOf = ({ stdout }: Outcome) => stdout.slice(stdout.indexOf('\n'));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-example-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm run spam', () => {
  test('trains on a few mails, prints its lines exactly, saves the parameters, and gives the same numbers with any number of threads', {
    timeout: 120_000,
  }, async () => {
    const file = join(folder, 'trained.safetensors');
    const first = await spam(...small, '--save', file);
    expect([first.code, first.stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d seconds\n$/)]);
    expect(first.stdout).toMatch(/^Backend: cpu \(.+\)\nMails: 200, of them \d+ spam; 160 to train, 20 to validate, 20 to test\n/);
    const epoch = (n: number) => `Epoch ${n}/2 - Loss: 0\\.\\d{4} - Validation accuracy: \\d+\\.\\d\\d%\\n`;
    const row = (name: string) => `${name} +\\d+ +\\d+( +\\d+\\.\\d\\d%){3}\\n`;
    const result = `Test accuracy: \\d+\\.\\d\\d% \\(epoch [12]\\)\\nactual +as ham +as spam +precision +recall +F1\\n${row('ham')}${row('spam')}`;
    expect(resultsOf(first).split('\n').slice(2).join('\n')).toMatch(new RegExp(`^${epoch(1)}${epoch(2)}${result}$`));
    expect(resultsOf(await spam(...small, '--threads', '1'))).toBe(resultsOf(first));
    const { tensors } = await loadSafetensorsHeader(file);
    expect(Object.entries(tensors).map(([name, { shape }]) => [name, shape])).toEqual(
      expect.arrayContaining([
        ['embedding.weight', [500, 64]],
        ['recurrent.weight_ih_l0_reverse', [512, 64]],
        ['recurrent.weight_hh_l0', [512, 128]],
        ['classifier.weight', [2, 256]],
      ]),
    );
  });

  test.each(['rnn', 'gru'])('trains with --cell %s', { timeout: 60_000 }, async (cell) => {
    const { code, stdout } = await spam(...small, '--epochs', '1', '--cell', cell);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Test accuracy: ')]);
  });

  test('--help lists every flag', async () => {
    const { code, stdout } = await spam('--help');
    expect(code).toBe(0);
    const own = ['cell', 'max-length', 'vocabulary', 'limit', 'save'];
    for (const flag of [...own, 'epochs', 'batch-size', 'lr', 'seed', 'backend', 'engine', 'threads', 'profile', 'help'])
      expect(stdout).toContain(`--${flag}`);
  });

  test.each([
    [['--cell', 'transformer'], "option '--cell <name>' argument 'transformer' is invalid. Allowed choices are rnn, lstm, gru."],
    [['--vocabulary', '1'], "option '--vocabulary <n>' argument '1' is invalid. It must be a whole number from 2 up."],
    [['--max-length', '0'], "option '--max-length <n>' argument '0' is invalid. It must be a whole number from 1 up."],
    [['--limit', '19'], "option '--limit <n>' argument '19' is invalid. It must be a whole number from 20 up."],
    [['--save', '/no/such/file'], "option '--save <file>' argument '/no/such/file' is invalid. Its folder does not exist."],
  ])('%j is named in one line, with code 2, before anything is computed', async (args, message) => {
    expect(await spam(...args)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });
});
