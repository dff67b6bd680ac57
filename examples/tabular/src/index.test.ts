import { join } from 'node:path';
import { runExample } from '@dl/example-common/testing';
import { expect, test } from 'vitest';

const tabular = (...args: readonly string[]) => runExample(join(import.meta.dirname, '..'), ...args);

test('compares three methods on the flowers, and the same seed prints the same', { timeout: 60_000 }, async () => {
  const flags = ['--splits', '2', '--epochs', '20', '--seed', '1'];
  const { code, stdout, stderr } = await tabular(...flags);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d seconds\n$/)]);
  const accuracies = [...stdout.matchAll(/^(.+?) +Test Accuracy: +(\d+\.\d\d)% {2}\(from /gm)];
  expect(accuracies.map(([, name]) => name)).toEqual(['Three layers', 'One layer', 'Nearest mean']);
  // Chance is 33 %.
  for (const [, , accuracy] of accuracies) expect(Number(accuracy)).toBeGreaterThan(70);
  expect((await tabular(...flags, '--threads', '1')).stdout.split('\n').slice(1)).toEqual(stdout.split('\n').slice(1));
});

test('--help lists every flag', async () => {
  const { code, stdout } = await tabular('--help');
  expect(code).toBe(0);
  for (const flag of ['splits', 'hidden', 'epochs', 'batch-size', 'lr', 'seed', 'backend', 'profile'])
    expect(stdout).toContain(`--${flag}`);
});

test('a bad flag is named in one line, with code 2, before anything is computed', async () => {
  expect(await tabular('--splits', '0')).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: option '--splits <n>' argument '0' is invalid. It must be a whole number from 1 up.\n",
  });
});
