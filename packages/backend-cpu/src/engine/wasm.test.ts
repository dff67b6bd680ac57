import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { copyPlan, noScalars } from '../testing/programs.ts';
import { openEngine } from './open.ts';

const floats = 16 * 1024;
const bytes = 4 * floats;

it('results that do not stay leave linear memory at the end of the run', async () => {
  const { engine } = await openEngine({ variant: 'simd' });
  const plan = copyPlan(engine, floats);
  const outputs = Array.from({ length: 100 }, (_, i) => {
    const output = engine.allocate(bytes, false);
    engine.run(plan, [engine.adopt(new Float32Array(floats).fill(i))], [output], noScalars);
    return output;
  });
  expect(engine.usage().live).toBeLessThan(bytes);
  outputs.forEach((output, i) => {
    expect(new Float32Array(engine.view(output).slice().buffer)[floats - 1]).toBe(i);
  });
});

it('an input that comes a second time stays in linear memory until it is freed', async () => {
  const { engine } = await openEngine({ variant: 'simd' });
  const plan = copyPlan(engine, floats);
  const before = engine.usage().live;
  const weights = engine.adopt(new Float32Array(floats).fill(4));
  const output = engine.allocate(bytes, false);
  engine.run(plan, [weights], [output], noScalars);
  expect(engine.usage().live).toBe(before);
  engine.run(plan, [weights], [output], noScalars);
  expect(engine.usage().live).toBe(before + bytes);
  expect(new Float32Array(engine.view(weights).slice().buffer)[0]).toBe(4);
  engine.free(weights);
  expect(engine.usage().live).toBe(before);
});

it('memory that was forgotten is taken back', async () => {
  const { engine } = await openEngine({ variant: 'simd' });
  for (let i = 0; i < 50; i++) engine.allocate(bytes, true);
  expect(engine.usage().live).toBeGreaterThanOrEqual(50 * bytes);
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let i = 0; i < 50 && engine.usage().live > 2 * bytes; i++) {
    if (typeof collect === 'function') collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(engine.usage().live).toBeLessThanOrEqual(2 * bytes);
});

it('views are right after the memory has grown', async () => {
  const { engine } = await openEngine({ variant: 'simd' });
  const memory = engine.allocate(64, true);
  engine.view(memory).fill(7);
  engine.allocate(64 * 2 ** 20, true);
  expect([...engine.view(memory)]).toEqual(new Array(64).fill(7));
});
