import { join } from 'node:path';
import { runExample } from '@dl/example-common/testing';
import { expect, test } from 'vitest';

const forecast = (...args: readonly string[]) => runExample(join(import.meta.dirname, '..'), ...args);

test('a small GRU beats yesterday after one epoch, and the naive errors are those of the series', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await forecast('--epochs', '1', '--hidden', '8', '--window', '14', '--seed', '1');
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d seconds\n$/)]);
  expect(stdout).toMatch(/\nEpoch 1\/1 - Loss: \d\.\d{4} - Validation: off by \d+ births\n/);
  expect(stdout).toContain(
    'Yesterday again   Test: off by  922 births a day, 9.11%\nA week ago again  Test: off by  312 births a day, 3.00%\n',
  );
  expect(Number(/GRU +Test: off by +(\d+)/.exec(stdout)?.[1])).toBeLessThan(600);
});

test('--help lists every flag', async () => {
  const { code, stdout } = await forecast('--help');
  expect(code).toBe(0);
  for (const flag of ['window', 'until', 'hidden', 'epochs', 'batch-size', 'lr', 'seed', 'backend', 'profile'])
    expect(stdout).toContain(`--${flag}`);
});

test.each(['1973', '1989', '1980.5'])('a series until %s is refused in one line, with code 2', async (year) => {
  expect(await forecast('--until', year)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: option '--until <year>' argument '${year}' is invalid. It must be a whole number from 1974 to 1988.\n`,
  });
});

test('a window without a whole week is refused in one line, with code 2, before anything is computed', async () => {
  expect(await forecast('--window', '6')).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: option '--window <n>' argument '6' is invalid. It must be a whole number from 7 up.\n",
  });
});
