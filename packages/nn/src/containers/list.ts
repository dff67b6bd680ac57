import { ArgumentError } from '@dl/tensor';
import { type Member, members, nameOf } from '../members.ts';
import { Module } from '../module.ts';
import type { Named } from '../walk.ts';

/** What `ModuleList` and `ParameterList` share: members numbered from 0. */
export abstract class List<T extends Member> extends Module implements Iterable<T> {
  readonly #items: T[] = [];

  constructor(items: Iterable<T> = []) {
    super();
    this.extend(items);
  }

  /** How many there are. */
  override get length(): number {
    return this.#items.length;
  }

  /** The one at a place; negative places count from the end. @throws ArgumentError if there is none. */
  at(index: number): T {
    const found = this.#items.at(index);
    if (found !== undefined && Number.isInteger(index)) return found;
    throw new ArgumentError(`${nameOf(this)}: index must be a whole number in [${-this.length}, ${this.length - 1}]; got ${index}`);
  }

  /** Puts one at the end. */
  append(item: T): this {
    this.check(item);
    this.#items.push(item);
    return this;
  }

  /** Puts several at the end. */
  extend(items: Iterable<T>): this {
    for (const item of items) this.append(item);
    return this;
  }

  /** Puts one at a place; what is there and behind it moves on. */
  insert(index: number, item: T): this {
    this.check(item);
    this.#items.splice(index, 0, item);
    return this;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#items.values();
  }

  /** A list has no `forward` of its own. @throws ArgumentError always. */
  override forward(): never {
    throw new ArgumentError(`${nameOf(this)}: is not called itself; call its members one by one, or use Sequential`);
  }

  /** @internal */
  override [members](): readonly Named<Member>[] {
    return [...this.#items.map((item, i) => [String(i), item] as const), ...super[members]()];
  }

  /** Refuses what does not belong into it. */
  protected abstract check(item: unknown): void;
}
