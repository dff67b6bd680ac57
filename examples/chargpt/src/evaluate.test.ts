import { noGrad } from '@dl/autograd';
import { functional } from '@dl/nn';
import { Generator, manualSeed } from '@dl/tensor';
import { expect, test } from 'vitest';
import { bitsPerCharacter, piecesOf } from './evaluate.ts';
import { CharGPT } from './model.ts';
import { randomWindows, windowsAt } from './windows.ts';

test.each([
  [1, 8],
  [5, 8],
  [8, 8],
  [9, 8],
  [12, 8],
  [13, 8],
  [500, 8],
  [501, 7],
])('each of %i characters counts once with a context of %i, and is predicted from half of it at least', (count, context) => {
  const counted = piecesOf(count, context).flatMap(({ starts, length, skip }) =>
    starts.flatMap((start) => Array.from({ length: length - skip }, (_, i) => ({ place: start + skip + i, seen: skip + i }))),
  );
  expect(counted.map(({ place }) => place).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  for (const { place, seen } of counted) expect(seen).toBeGreaterThanOrEqual(Math.min(place, Math.floor(context / 2)));
});

test('a text as long as the context is measured by the mean loss, in bits', async () => {
  manualSeed(1);
  const model = new CharGPT(6, { layers: 1, dim: 4, heads: 1 }).eval();
  const tokens = Int32Array.of(1, 5, 2, 0, 3, 3, 4);
  const { inputs, targets } = windowsAt(tokens, [0], 6);
  const loss = noGrad(() => functional.crossEntropy(model(inputs).flatten({ endDim: 1 }), targets.flatten()));
  expect(await bitsPerCharacter(model, tokens, 6)).toBeCloseTo((await loss.item()) / Math.LN2, 5);
});

test('targets are the characters that follow', async () => {
  const tokens = Int32Array.from({ length: 20 }, (_, i) => i);
  const { inputs, targets } = randomWindows(tokens, 50, 4, new Generator(1));
  expect(await targets.data()).toEqual((await inputs.data()).map((token) => token + 1));
  const starts = new Set((await inputs.select(1, 0).tolist()) as number[]);
  expect([Math.min(...starts), Math.max(...starts)]).toEqual([0, 15]);
  expect(() => randomWindows(tokens, 1, 20, new Generator(1))).toThrow('the context must be below the length of the text, 20; got 20');
});
