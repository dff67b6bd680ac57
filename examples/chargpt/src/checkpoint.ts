import { loadSafetensors, loadSafetensorsHeader, saveSafetensors } from '@dl/formats';
import { DataError } from '@dl/tensor';
import type { CharGPT } from './model.ts';

/** The shapes of parameters do not tell the number of heads: it is noted beside them. */
export async function saveModel(path: string, model: CharGPT): Promise<void> {
  await saveSafetensors(path, model.stateDict(), { metadata: { format: 'pt', heads: `${model.heads}` } });
}

/** @throws DataError if the file does not hold such a model. */
export async function loadModel(path: string, model: CharGPT): Promise<void> {
  const { metadata } = await loadSafetensorsHeader(path);
  if (metadata.heads !== `${model.heads}`)
    throw new DataError(`chargpt: the model of ${path} must have ${model.heads} heads; got ${metadata.heads ?? 'no number of them'}`);
  model.loadStateDict(await loadSafetensors(path));
}
