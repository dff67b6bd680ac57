import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { goldenSets } from './testing/index.ts';

describe.each(goldenSets)('the golden $title', ({ file, goldens }) => {
  const json: unknown = JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8'));

  test.each(goldens(json))('$title computes, differentiates and prints as PyTorch', async ({ check }) => {
    await check();
  });
});
