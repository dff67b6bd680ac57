import { ArgumentError, cat, evaluate, Tensor, zerosLike } from '@dl/tensor';
import { assign, describe, replace, stateTensor, withGradMode } from '@dl/tensor/internal';

/** Computes the loss, with its gradients, at the parameters as they are; may be asynchronous. */
export type LossClosure = () => Tensor | Promise<Tensor>;

/** The loss and its gradient at one place. */
export interface Reading {
  readonly loss: Tensor;
  readonly value: number;
  /** Of all parameters, as one vector. */
  readonly gradient: Tensor;
  /** The greatest absolute value in it. */
  readonly greatest: number;
}

/** A loss as a function of all its parameters, as one vector. */
export class Objective {
  readonly #parameters: readonly Tensor[];
  readonly #closure: LossClosure;

  constructor(parameters: readonly Tensor[], closure: LossClosure) {
    this.#parameters = parameters;
    this.#closure = closure;
  }

  /** Where the parameters are now. */
  async place(): Promise<readonly Tensor[]> {
    await evaluate(...this.#parameters);
    return this.#parameters.map((parameter) => stateTensor(parameter));
  }

  /** Puts the parameters at `origin + length direction`. */
  async walk(origin: readonly Tensor[], direction: Tensor, length: number): Promise<void> {
    const next = built(() => moved(origin, direction.mul(length)));
    await replace(this.#parameters.map((target, i) => ({ target, next: next[i] ?? target })));
  }

  /** Puts the parameters back. */
  restore(origin: readonly Tensor[]): void {
    this.#parameters.forEach((parameter, i) => {
      assign(parameter, origin[i] ?? parameter);
    });
  }

  /** Calls the closure where the parameters are now. */
  async read(): Promise<Reading> {
    const loss = await this.#closure();
    if (!(loss instanceof Tensor)) throw new ArgumentError(`LBFGS: the closure must return the loss, a tensor; got ${describe(loss)}`);
    const flat = built(() => cat(this.#parameters.map((parameter) => (parameter.gradient ?? zerosLike(parameter)).reshape([-1]))));
    const greatest = built(() => flat.abs().max());
    await evaluate(loss, flat, greatest);
    return { loss, value: await loss.item(), gradient: stateTensor(flat), greatest: await greatest.item() };
  }
}

/** Builds a recipe without gradients. */
export function built<R>(recipe: () => R): R {
  return withGradMode('step', false, recipe);
}

/** Evaluates a recipe and keeps its numbers alone, not what it was made of. */
export async function settled(recipe: Tensor): Promise<Tensor> {
  await evaluate(recipe);
  return stateTensor(recipe);
}

function moved(origin: readonly Tensor[], change: Tensor): readonly Tensor[] {
  let start = 0;
  return origin.map((tensor) => {
    const part = change.narrow(0, start, tensor.numel()).reshape(tensor.shape);
    start += tensor.numel();
    return tensor.add(part);
  });
}
