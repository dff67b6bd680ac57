import { type Tensor, zeros } from '@dl/tensor';
import { stateTensor } from '@dl/tensor/internal';

/** A tensor to be replaced, and the recipe of its successor. */
export interface Update {
  readonly target: Tensor;
  readonly next: Tensor;
}

/** What an optimizer remembers of one parameter: how many steps it took, and tensors of its shape. */
export class ParameterState {
  step = 0;
  readonly #parameter: Tensor;
  readonly #slots = new Map<string, Tensor>();

  constructor(parameter: Tensor) {
    this.#parameter = parameter;
  }

  /** The tensors that are there, with their names. */
  get slots(): ReadonlyMap<string, Tensor> {
    return this.#slots;
  }

  /** The tensor of a name; zeros when it is asked for first. */
  slot(name: string): Tensor {
    const { shape, dtype } = this.#parameter;
    return this.#slots.get(name) ?? this.fill(name, zeros(shape, { dtype }));
  }

  /** Makes the tensor of a name, from a recipe. */
  fill(name: string, recipe: Tensor): Tensor {
    const made = stateTensor(recipe);
    this.#slots.set(name, made);
    return made;
  }

  /** Forgets every tensor but those named. */
  keep(names: readonly string[]): void {
    for (const name of [...this.#slots.keys()]) if (!names.includes(name)) this.#slots.delete(name);
  }
}
