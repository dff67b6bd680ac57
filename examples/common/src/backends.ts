import { cpu } from '@dl/backend-cpu';
import { gpu } from '@dl/backend-gpu';
import { type Backend, reference, useBackend } from '@dl/tensor';

export type BackendName = 'cpu' | 'reference' | 'gpu';

/** What the command line says about the backend. */
export interface BackendFlags {
  readonly backend: BackendName;
  readonly engine?: 'native' | 'wasm';
  readonly threads?: number;
}

/** A backend that `--backend` can name. */
interface Choice {
  /** The flags that say something to it. */
  readonly heeds: readonly ('threads' | 'engine' | 'profile')[];
  readonly open: (flags: Pick<BackendFlags, 'threads' | 'engine'>) => Promise<Backend>;
}

export const backends: Readonly<Record<BackendName, Choice>> = {
  cpu: {
    heeds: ['threads', 'engine', 'profile'],
    open: ({ threads, engine }) => cpu({ ...(threads !== undefined && { threads }), ...(engine !== undefined && { engine }) }),
  },
  reference: { heeds: [], open: async () => reference() },
  gpu: { heeds: [], open: () => gpu() },
};

/** Opens the chosen backend, makes it the one that computes, and says which it is. */
export async function startBackend(flags: BackendFlags): Promise<void> {
  const backend = await backends[flags.backend].open(flags);
  useBackend(backend);
  console.log(`Backend: ${backend.name} (${backend.description})`);
}
