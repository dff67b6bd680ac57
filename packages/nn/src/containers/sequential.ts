import { ArgumentError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { isModule, type Member, members, nameOf } from '../members.ts';
import { type Layer, Module, type UnaryModule } from '../module.ts';
import type { Named } from '../walk.ts';

/** What the first of some layers takes. */
type InputOf<L extends readonly unknown[]> = L extends readonly [infer First, ...unknown[]] ? ArgumentOf<First> : Tensor;
/** What the last of some layers gives. */
type OutputOf<L extends readonly unknown[]> = L extends readonly [...unknown[], infer Last] ? ResultOf<Last> : Tensor;
type ArgumentOf<M> = M extends { forward(x: infer X): unknown } ? X : never;
type ResultOf<M> = M extends { forward(x: never): infer Y } ? Y : never;
/** The layer at a place, where the place is known. */
type LayerAt<L extends readonly unknown[], I extends number> = `${I}` extends keyof L ? L[I] : L[number];
/** Layers each of which takes what the one before it gives. In a list of unknown length each is from tensor to tensor. */
type Chain<L extends readonly unknown[], Input = InputOf<L>> = L extends readonly [infer First, ...infer Rest]
  ? readonly [{ forward(x: Input): unknown }, ...Chain<Rest, ResultOf<First>>]
  : L extends readonly []
    ? readonly []
    : readonly Layer[];

/**
 * Layers that run one after the other, each on what the one before it gave. Keys are `0`, `1`, …, or the names given in an object.
 * PyTorch: `torch.nn.Sequential`.
 *
 * @throws ArgumentError for a member that is no module.
 * @example
 * const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
 * const named = new Sequential({ hidden: new Linear(784, 128), activation: new ReLU() });
 * const logits = model(images);
 */
export class Sequential<L extends readonly UnaryModule[] = readonly Layer[]> extends Module implements Iterable<L[number]> {
  readonly #layers: (readonly [string, Module])[] = [];

  constructor(layers: Readonly<Record<string, Layer>>);
  constructor(...layers: L & Chain<L>);
  constructor(...given: readonly unknown[]) {
    super();
    const [first] = given;
    const entries = given.length === 1 && isRecord(first) ? Object.entries(first) : given.entries();
    for (const [key, layer] of entries) this.#add(String(key), layer);
  }

  /** How many layers there are. */
  override get length(): number {
    return this.#layers.length;
  }

  /** The layer at a place; negative places count from the end. @throws ArgumentError if there is none. */
  at<const I extends number>(index: I): LayerAt<L, I> {
    const found = this.#layers.at(index);
    if (found !== undefined && Number.isInteger(index)) return asLayer<LayerAt<L, I>>(found[1]);
    throw new ArgumentError(`${nameOf(this)}: index must be a whole number in [${-this.length}, ${this.length - 1}]; got ${index}`);
  }

  /** Puts a layer at the end. */
  append(layer: UnaryModule<OutputOf<L>, OutputOf<L>>): this {
    this.#add(String(this.length), layer);
    return this;
  }

  *[Symbol.iterator](): IterableIterator<L[number]> {
    for (const [, layer] of this.#layers) yield asLayer<L[number]>(layer);
  }

  override forward(x: InputOf<L>): OutputOf<L> {
    // `Chain` made sure that each layer takes what the one before gives; the compiler cannot follow it through the loop.
    let output: unknown = x;
    for (const [, layer] of this.#layers) output = layer(output as never);
    return output as OutputOf<L>;
  }

  /** @internal */
  override [members](): readonly Named<Member>[] {
    return [...this.#layers, ...super[members]()];
  }

  #add(key: string, layer: unknown): void {
    if (!isModule(layer)) throw new ArgumentError(`${nameOf(this)}: every layer must be a module; got ${describe(layer)} at '${key}'`);
    if (this.#layers.some(([other]) => other === key)) throw new ArgumentError(`${nameOf(this)}: keys must differ; got '${key}' twice`);
    if (key === '' || key.includes('.')) throw new ArgumentError(`${nameOf(this)}: a key must not be empty and hold no dot; got '${key}'`);
    this.#layers.push([key, layer]);
  }
}

/** What was checked when it was added. */
function asLayer<M>(layer: Module): M {
  return layer as M;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
