import { ArgumentError } from '@dl/tensor';
import { type Member, members, nameOf } from '../members.ts';
import { Module } from '../module.ts';
import type { Named } from '../walk.ts';

/** What `ModuleDict` and `ParameterDict` share: members under keys, which stay as they are in a state dict. */
export abstract class Dict<D extends Readonly<Record<string, Member>>> extends Module implements Iterable<[string, D[string]]> {
  readonly #items = new Map<string, D[string]>();

  constructor(items: D = {} as D) {
    super();
    for (const key of Object.keys(items)) this.set(key, items[key] as D[string]);
  }

  /** How many there are. */
  get size(): number {
    return this.#items.size;
  }

  /** The one under a key. @throws ArgumentError if there is none. */
  get<K extends keyof D & string>(key: K): D[K] {
    const found = this.#items.get(key);
    if (found === undefined)
      throw new ArgumentError(`${nameOf(this)}: key must be one of ${[...this.#items.keys()].join(', ')}; got '${key}'`);
    return found as D[K];
  }

  /** Whether there is one under a key. */
  has(key: string): boolean {
    return this.#items.has(key);
  }

  /** Puts one under a key, in the place of the one that was there. */
  set(key: string, item: D[string]): this {
    if (key === '' || key.includes('.')) throw new ArgumentError(`${nameOf(this)}: a key must not be empty and hold no dot; got '${key}'`);
    this.check(key, item);
    this.#items.set(key, item);
    return this;
  }

  /** Takes one out; whether there was one. */
  delete(key: string): boolean {
    return this.#items.delete(key);
  }

  keys(): IterableIterator<string> {
    return this.#items.keys();
  }

  values(): IterableIterator<D[string]> {
    return this.#items.values();
  }

  entries(): IterableIterator<[string, D[string]]> {
    return this.#items.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, D[string]]> {
    return this.entries();
  }

  /** It has no `forward` of its own. @throws ArgumentError always. */
  override forward(): never {
    throw new ArgumentError(`${nameOf(this)}: is not called itself; call its members: dict.get('key')`);
  }

  /** @internal */
  override [members](): readonly Named<Member>[] {
    return [...this.#items, ...super[members]()];
  }

  /** Refuses what does not belong into it. */
  protected abstract check(key: string, item: unknown): void;
}
