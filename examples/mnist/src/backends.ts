import { cpu } from '@dl/backend-cpu';
import { gpu } from '@dl/backend-gpu';
import { type Backend, reference, useBackend } from '@dl/tensor';
import type { Flags } from './flags.ts';

/** A backend that `--backend` can name. */
interface Choice {
  /** The flags that say something to it. */
  readonly heeds: readonly ('threads' | 'engine')[];
  readonly open: (flags: Pick<Flags, 'threads' | 'engine'>) => Promise<Backend>;
}

export type BackendName = 'cpu' | 'reference' | 'gpu';

export const backends: Readonly<Record<BackendName, Choice>> = {
  cpu: {
    heeds: ['threads', 'engine'],
    open: ({ threads, engine }) => cpu({ ...(threads !== undefined && { threads }), ...(engine !== undefined && { engine }) }),
  },
  reference: { heeds: [], open: async () => reference() },
  gpu: { heeds: [], open: () => gpu() },
};

/** Opens the chosen backend, makes it the one that computes, and says which it is. */
export async function startBackend(flags: Flags): Promise<void> {
  const backend = await backends[flags.backend].open(flags);
  useBackend(backend);
  console.log(`Backend: ${backend.name} (${backend.description})`);
}
