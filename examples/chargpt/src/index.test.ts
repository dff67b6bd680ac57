import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runExample } from '@dl/example-common/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const chargpt = (...args: readonly string[]) => runExample(join(import.meta.dirname, '..'), ...args);
const small = ['--layers', '1', '--dim', '32', '--heads', '2', '--context', '32', '--length', '60', '--top-k', '5'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-example-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('learns, prints its lines, writes, and goes on from what it saved', { timeout: 120_000 }, async () => {
  const file = join(folder, 'whale.safetensors');
  const { code, stdout, stderr } = await chargpt(...small, '--steps', '150', '--seed', '3', '--prompt', 'The ', '--save', file);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d seconds\n\d+\.\d\d milliseconds per character\n$/)]);
  const [, bits, baseline, written = ''] =
    /^Backend: cpu .+\n(?:Step \d+\/150 - Loss: \d\.\d{3} bits per character\n){10}Validation: (\d\.\d{3}) bits .+ \(5-gram: (\d\.\d{3})\)\nTest: .+\n\n(The [\s\S]*)\n$/.exec(
      stdout,
    ) ?? [];
  expect(Number(baseline)).toBeCloseTo(2.173, 2);
  // Untrained, log2(90) = 6.5 bits; the frequencies of characters alone, 4.4.
  expect(Number(bits)).toBeLessThan(3.9);
  expect(written).toHaveLength(64);
  const loaded = await chargpt(...small, '--steps', '0', '--load', file);
  expect(loaded.stdout).toContain(`Validation: ${bits}`);
  const other = await chargpt(...small, '--steps', '0', '--load', file, '--heads', '4');
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/^DataError: chargpt: .+ must have 4 heads; got 2\n$/)]);
});

test('a prompt of unknown characters is refused in one line with code 1', { timeout: 60_000 }, async () => {
  const prompt = await chargpt('--prompt', 'Größe');
  expect([prompt.code, prompt.stderr]).toEqual([1, expect.stringMatching(/^ArgumentError: --prompt: .+ got "ö"\n$/)]);
});

test('--help lists every flag', async () => {
  const { code, stdout } = await chargpt('--help');
  expect(code).toBe(0);
  const model = ['steps', 'batch-size', 'context', 'layers', 'dim', 'heads', 'lr', 'save', 'load', 'seed', 'backend', 'threads', 'profile'];
  for (const flag of [...model, 'temperature', 'top-k', 'length', 'prompt', 'no-cache']) expect(stdout).toContain(`--${flag}`);
});
