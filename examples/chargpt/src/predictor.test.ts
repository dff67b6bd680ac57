import { Generator, manualSeed, reference, useBackend } from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { beforeEach, expect, test } from 'vitest';
import { CharGPT } from './model.ts';
import { cachedPredictor, type Predictor, plainPredictor } from './predictor.ts';
import { write } from './write.ts';

const backend = reference();
beforeEach(() => {
  useBackend(backend);
  manualSeed(5);
});

const makeModel = (): CharGPT => new CharGPT(11, { layers: 2, dim: 8, heads: 2 }).eval();
const prompt = Int32Array.of(3, 1, 4);

async function written(predictor: Predictor, temperature: number): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of write(predictor, prompt, { temperature, topK: 6, length: 20, generator: new Generator(9) })) tokens.push(token);
  return tokens;
}

test.each([0, 1.5])(
  'with a cache and without, the same seed writes the same text, beyond the context too; temperature %f',
  async (temperature) => {
    const model = makeModel();
    const [cached, plain] = [await written(cachedPredictor(model, 8), temperature), await written(plainPredictor(model, 8), temperature)];
    expect(cached).toHaveLength(20);
    expect(cached).toEqual(plain);
  },
);

test('with a cache the scores are those without, but for rounding', async () => {
  const model = makeModel();
  const [cached, plain] = [cachedPredictor(model, 5), plainPredictor(model, 5)];
  for (const token of [1, 7, 0, 2, 5, 8, 3, 10, 4, 4, 6]) {
    const [found, wanted] = [await cached.next(token), await plain.next(token)];
    for (const [i, score] of [...found].entries()) expect(score).toBeCloseTo(Number(wanted[i]), 5);
  }
});

test('each token runs the same plan, also where the window moves', async () => {
  const predictor = cachedPredictor(makeModel(), 4);
  for (const token of [1, 2, 3]) await predictor.next(token);
  const plans = planCacheOf(backend).size;
  for (const token of [4, 5, 6, 7, 8]) await predictor.next(token);
  expect(planCacheOf(backend).size).toBe(plans);
});
