import { gpu } from '@dl/backend-gpu';
import { type Backend, reference, useBackend } from '@dl/tensor';
import type { Flags } from './flags.ts';

/** The backends that `--backend` can name. */
export const backends: Readonly<Record<string, { readonly hasThreads: boolean; readonly open: () => Promise<Backend> }>> = {
  reference: { hasThreads: false, open: async () => reference() },
  gpu: { hasThreads: false, open: () => gpu() },
};

/** Opens the chosen backend, makes it the one that computes, and says which it is. */
export async function startBackend({ backend: name }: Flags): Promise<void> {
  const backend = await (backends[name] ?? backends.reference)?.open();
  if (backend === undefined) return;
  useBackend(backend);
  console.log(`Backend: ${backend.name} (${backend.description})`);
}
