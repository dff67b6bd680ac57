import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, loadSafetensors } from '@dl/formats';
import { BatchNorm1d, Linear, ReLU, Sequential } from '@dl/nn';
import { tensor } from '@dl/tensor';
import { expect, test } from 'vitest';
import golden from '../../../packages/formats/fixtures/safetensors.json' with { type: 'json' };

const network = (): Sequential => new Sequential(new Linear(3, 4), new BatchNorm1d(4), new ReLU(), new Linear(4, 2));
const fixture = join(import.meta.dirname, '../../../packages/formats/fixtures/model.safetensors');

test('a checkpoint of PyTorch loads into the same network and computes the same', async () => {
  const model = network();
  model.loadStateDict(await loadSafetensors(fixture));
  const output = await model.eval()(tensor(golden.model.input)).data();
  for (const [i, expected] of golden.model.output.flat().entries()) expect(output[i]).toBeCloseTo(expected, 6);
});

test('a state dict that was saved and loaded is the same, bit for bit', async () => {
  const [model, copy] = [network(), network()];
  const [before, other] = [model.stateDict(), copy.stateDict()];
  copy.loadStateDict(decodeSafetensors(await encodeSafetensors(before)));
  for (const [name, saved] of Object.entries(before)) expect(await copy.stateDict()[name]?.data(), name).toEqual(await saved.data());
  expect(await other['0.weight']?.data()).not.toEqual(await before['0.weight']?.data());
});
