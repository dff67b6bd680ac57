import { cpu } from '@dl/backend-cpu';
import { type Backend, reference } from '@dl/tensor';
import type { Flags } from './flags.ts';

/** The backend that the flags name, with so many threads. */
export async function openBackend({ backend, engine, variant }: Flags, threads: number): Promise<Backend> {
  if (backend === 'reference') return reference();
  return cpu({ threads, ...(engine !== undefined && { engine }), ...(variant !== undefined && { variant }) });
}
