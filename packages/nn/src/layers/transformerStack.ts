import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { isModule } from '../members.ts';
import type { KeyValueCache } from './keyValueCache.ts';

/** Refuses a norm that is no module: its parameters would not be found. */
export function checkNorm(caller: string, norm: unknown): void {
  if (norm !== null && !isModule(norm)) throw new ArgumentError(`${caller}: norm must be a module or null; got ${describe(norm)}`);
}

/** The cache of each layer; none where none are given. */
export function cachesOf(caller: string, caches: readonly KeyValueCache[] | null, layers: number): readonly KeyValueCache[] {
  if (caches !== null && caches.length !== layers)
    throw new ArgumentError(`${caller}: there must be one cache for each layer, ${layers}; got ${caches.length}`);
  return caches ?? [];
}
