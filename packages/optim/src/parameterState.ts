import { type Shape, type Tensor, zeros } from '@dl/tensor';
import { stateTensor } from '@dl/tensor/internal';

/** A tensor to be replaced, and the recipe of its successor. */
export interface Update {
  readonly target: Tensor;
  readonly next: Tensor;
}

/** What an optimizer remembers of one parameter: how many steps it took, tensors, and numbers. */
export class ParameterState {
  step = 0;
  readonly #parameter: Tensor;
  readonly #slots = new Map<string, Tensor>();
  #numbers: ReadonlyMap<string, number> = new Map();
  /** Where several steps fail, one after the other, the numbers from before the first of them count. */
  #numbersOf = Number.POSITIVE_INFINITY;

  constructor(parameter: Tensor) {
    this.#parameter = parameter;
  }

  /** The tensors that are there, with their names. */
  get slots(): ReadonlyMap<string, Tensor> {
    return this.#slots;
  }

  /** The numbers that are there, with their names. */
  get numbers(): ReadonlyMap<string, number> {
    return this.#numbers;
  }

  /** The tensor of a name; zeros, of the parameter's shape if no other is given, when it is asked for first. */
  slot(name: string, shape: Shape = this.#parameter.shape): Tensor {
    return this.#slots.get(name) ?? this.fill(name, zeros(shape, { dtype: this.#parameter.dtype }));
  }

  /** Makes the tensor of a name, from a recipe. */
  fill(name: string, recipe: Tensor): Tensor {
    const made = stateTensor(recipe);
    this.#slots.set(name, made);
    return made;
  }

  /** The number of a name, or what it is at first. */
  number(name: string, first: number): number {
    return this.#numbers.get(name) ?? first;
  }

  /** Remembers a number. */
  setNumber(name: string, value: number): void {
    this.#numbers = new Map([...this.#numbers, [name, value]]);
  }

  /** Returns what undoes a step: forgets the tensors made from now on, and gives back the count and the numbers that are there now. */
  mark(): () => void {
    const slots = [...this.#slots.keys()];
    const [step, numbers] = [this.step, this.#numbers];
    this.#numbersOf = Number.POSITIVE_INFINITY;
    return () => {
      this.step--;
      for (const name of [...this.#slots.keys()]) if (!slots.includes(name)) this.#slots.delete(name);
      if (step < this.#numbersOf) [this.#numbers, this.#numbersOf] = [numbers, step];
    };
  }
}
