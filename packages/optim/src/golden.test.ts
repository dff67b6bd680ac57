import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { goldenSets } from './testing/index.ts';
import { makeOptimizer, type SgdAndAdam, startOf, takeStep } from './testing/sgdAndAdam.ts';
import { expectTensor } from './testing/tensorJson.ts';

describe.each(goldenSets)('the golden $title', ({ file, goldens }) => {
  test.each(goldens(read(file)))('$title goes as in PyTorch', async ({ check }) => {
    await check();
  });
});

const fixture = read('optimizers') as SgdAndAdam;

describe.each(fixture.cases)('$title', (golden) => {
  test('comes to the same without being awaited or read', async () => {
    const params = startOf(fixture);
    const optimizer = makeOptimizer(golden, params);
    for (const i of golden.steps.keys()) takeStep(fixture, golden, optimizer, params, i);
    for (const [j, parameter] of params.entries()) await expectTensor(parameter, golden.steps.at(-1)?.[j], `parameter ${j}`);
  });

  test('goes on from a state dict as if nothing had happened', async () => {
    const params = startOf(fixture);
    const first = makeOptimizer(golden, params);
    for (let i = 0; i < 6; i++) takeStep(fixture, golden, first, params, i);
    const second = makeOptimizer(golden, params);
    second.loadStateDict(first.stateDict());
    for (let i = 6; i < 10; i++) takeStep(fixture, golden, second, params, i);
    for (const [j, parameter] of params.entries()) await expectTensor(parameter, golden.steps.at(-1)?.[j], `parameter ${j}`);
  });
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8'));
}
