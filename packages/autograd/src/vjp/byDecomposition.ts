import { Tensor } from '@dl/tensor';
import {
  apply,
  type DecomposableName,
  decompositions,
  isFloating,
  leafValue,
  type Node,
  unobserved,
  type Value,
  withGradMode,
} from '@dl/tensor/internal';
import type { Answer, Question } from '../differentiate.ts';
import type { Wanted } from '../paths.ts';
import { zerosOf } from './algebra.ts';
import type { InputCotangent } from './table.ts';

/**
 * The cotangents of a node's inputs, found by differentiating its decomposition. That happens over stand-ins for all that
 * the node knows; then only what a wanted cotangent needs is made for the real inputs, so that nothing is left over.
 */
export function byDecomposition(
  node: Node,
  cotangents: readonly (Tensor | undefined)[],
  differentiate: (question: Question) => Answer,
): readonly InputCotangent[] {
  let draft: Draft | null = null;
  return node.inputs.map((input, i) => {
    if (!isFloating(input.spec.dtype)) return null;
    return () => {
      draft ??= new Draft(node, cotangents, differentiate);
      return draft.cotangentOf(i);
    };
  });
}

/** The gradient of a decomposition over stand-ins, and what has been made of it for real so far. */
class Draft implements Wanted {
  readonly #node: Node;
  readonly #inputs: readonly Value[];
  readonly #answer: Answer;
  /** The real tensor for each value of the draft that has one. */
  readonly #made = new Map<Value, Tensor>();

  constructor(node: Node, cotangents: readonly (Tensor | undefined)[], differentiate: (question: Question) => Answer) {
    this.#node = node;
    this.#inputs = node.inputs.map((input) => this.#standIn(new Tensor(input)));
    for (const input of this.#inputs) input.node.engine = node.engine;
    const arrived = cotangents.flatMap((cotangent, i) => (cotangent === undefined ? [] : [{ i, cotangent }]));
    this.#answer = unobserved(() => {
      const outputs = this.#decompose();
      return differentiate({
        caller: `the gradient of ${node.primitive}`,
        roots: arrived.map(({ i }) => outputs[i] as Tensor),
        cotangents: arrived.map(({ cotangent }) => new Tensor(this.#standIn(cotangent))),
        wanted: this,
        createGraph: false,
      });
    });
  }

  has(target: unknown): boolean {
    return this.#inputs.includes(target as Value);
  }

  endsAt(target: unknown): boolean {
    return this.has(target);
  }

  cotangentOf(i: number): Tensor {
    const input = this.#inputs[i] as Value;
    const gradient = this.#answer.of(input);
    return gradient === undefined ? zerosOf(input.spec.shape, new Tensor(input)) : this.#make(gradient.value);
  }

  #standIn(real: Tensor): Value {
    const value = leafValue(real.value.spec, null);
    this.#made.set(value, real);
    return value;
  }

  /** What the node has computed stands for what its decomposition would compute again. */
  #decompose(): readonly Tensor[] {
    const { primitive, params, scalars, outputs } = this.#node;
    const rule = decompositions[primitive as DecomposableName];
    const inputs = this.#inputs.map((input) => new Tensor(input));
    // The rule is of this very primitive; the compiler cannot follow the correlation.
    const result: Tensor | readonly Tensor[] = withGradMode('byDecomposition', true, () =>
      rule(inputs as never, params as never, scalars as never),
    );
    const simple = result instanceof Tensor ? [result] : result;
    for (const [i, { value }] of simple.entries()) if (!this.#made.has(value)) this.#made.set(value, new Tensor(outputs[i] as Value));
    return simple;
  }

  /** Makes a value of the draft for real, and all behind it. Loops, never recurses. */
  #make(root: Value): Tensor {
    const stack = [root];
    for (let value = stack.at(-1); value !== undefined; value = stack.at(-1)) {
      const missing = this.#made.has(value) ? [] : value.node.inputs.filter((input) => !this.#made.has(input));
      if (missing.length > 0) stack.push(...missing);
      else this.#copy(stack.pop() as Value);
    }
    return this.#made.get(root) as Tensor;
  }

  #copy(value: Value): void {
    if (this.#made.has(value)) return;
    const { primitive, inputs, params, scalars, outputs } = value.node;
    if (primitive === null) {
      this.#made.set(value, new Tensor(value));
      return;
    }
    const real = inputs.map((input) => this.#made.get(input) as Tensor);
    // A copy of a node that was made by these very rules; the compiler cannot follow the correlation.
    const result: Tensor | readonly Tensor[] = apply(primitive, real as never, params as never, scalars as never);
    const copies = result instanceof Tensor ? [result] : result;
    for (const [i, copy] of copies.entries()) this.#made.set(outputs[i] as Value, copy);
  }
}
