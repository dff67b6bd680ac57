import { ArgumentError } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';
import { cloneModule } from '../cloneModule.ts';
import { ModuleList } from '../containers/moduleList.ts';
import { isModule } from '../members.ts';
import { type Layer, Module } from '../module.ts';
import type { KeyValueCache } from './keyValueCache.ts';

/** What a stack takes beside its layers. */
export interface TransformerStackOptions {
  /** What normalises the last layer's output. Default none. */
  readonly norm?: (Module & Layer) | null;
}

/** What encoders and decoders share: copies of a layer, and a norm. */
export abstract class TransformerStack<L extends Module> extends Module {
  readonly layers: ModuleList<L>;
  readonly norm: (Module & Layer) | null;

  constructor(layer: L, numLayers: number, { norm = null }: TransformerStackOptions) {
    super();
    checkInteger(new.target.name, 'numLayers', numLayers, 1);
    checkNorm(new.target.name, norm);
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => cloneModule(layer)));
    this.norm = norm;
  }

  /** How many layers there are. */
  get numLayers(): number {
    return this.layers.length;
  }

  /** Each layer with its cache, `null` where none are given. */
  protected layersWith(caches: readonly KeyValueCache[] | null): readonly (readonly [layer: L, cache: KeyValueCache | null])[] {
    if (caches !== null && caches.length !== this.numLayers)
      throw new ArgumentError(`${this.constructor.name}: there must be one cache for each layer, ${this.numLayers}; got ${caches.length}`);
    return [...this.layers].map((layer, i) => [layer, caches?.[i] ?? null] as const);
  }
}

/** Refuses a norm that is no module: its parameters would not be found. */
function checkNorm(caller: string, norm: unknown): void {
  if (norm !== null && !isModule(norm)) throw new ArgumentError(`${caller}: norm must be a module or null; got ${describe(norm)}`);
}
