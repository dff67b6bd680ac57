import { readFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors } from '@dl/formats';
import { LSTM } from '@dl/nn';
import type { Tensor } from '@dl/tensor';
import { expect, test } from 'vitest';

test('an LSTM that PyTorch saved loads and gives its outputs; saved and loaded again it is the same to the bit', async () => {
  const file = readFileSync(new URL('../../nn/fixtures/recurrentState.safetensors', import.meta.url));
  const { x, output, hidden, cell, ...state } = await decodeSafetensors(file);
  const lstm = new LSTM(5, 6, { numLayers: 2, bidirectional: true });
  lstm.loadStateDict(state);
  const [y, [h, c]] = lstm(given(x));
  await expectClose([y, h, c], [output, hidden, cell]);

  const { ...saved } = await decodeSafetensors(await encodeSafetensors(lstm.stateDict()));
  expect(Object.keys(saved)).toEqual(expect.arrayContaining(Object.keys(state)));
  expect(Object.keys(saved)).toHaveLength(Object.keys(state).length);
  for (const [key, tensor] of Object.entries(state)) {
    expect(saved[key]?.shape, key).toEqual(tensor.shape);
    expect(await saved[key]?.data(), key).toEqual(await tensor.data());
  }
});

function given(x: Tensor | undefined): Tensor {
  if (x === undefined) throw new Error('the fixture lacks a tensor');
  return x;
}

/** To 1e-5. */
async function expectClose(actual: readonly Tensor[], expected: readonly (Tensor | undefined)[]): Promise<void> {
  for (const [i, x] of actual.entries()) {
    const wanted = given(expected[i]);
    expect(x.shape).toEqual(wanted.shape);
    const [elements, others] = [await x.data(), await wanted.data()];
    elements.forEach((value, k) => {
      expect(Math.abs(value - (others[k] ?? Number.NaN))).toBeLessThan(1e-5);
    });
  }
}
