import { add, Tensor } from '@dl/tensor';
import { isGradEnabled, type Node, type Value, withGradMode } from '@dl/tensor/internal';
import { Paths, type Visit, type Wanted } from './paths.ts';
import { byDecomposition } from './vjp/byDecomposition.ts';
import { vjpRules } from './vjp/index.ts';
import type { InputCotangent } from './vjp/table.ts';

/** What to differentiate, and for what. */
export interface Question {
  /** The function that errors name. */
  readonly caller: string;
  readonly roots: readonly Tensor[];
  /** One for each root, of its shape and dtype. */
  readonly cotangents: readonly Tensor[];
  readonly wanted: Wanted;
  /** Whether the gradients can be differentiated again; `'asNeeded'`: if they may depend on something else than what is wanted. */
  readonly createGraph: boolean | 'asNeeded';
}

/** The gradients of `Σ root · cotangent`. */
export interface Answer {
  /** For tensors that own their value, in the order in which the pass reached them. */
  readonly owners: ReadonlyMap<Tensor, Tensor>;
  /** For any wanted value; `undefined` where the roots do not depend on it. */
  of(value: Value): Tensor | undefined;
  /** Whether gradients could flow from the roots to something else, too. */
  readonly hasOthers: boolean;
}

/**
 * The backward pass: cotangents flow from the roots to what is wanted. Each node between is asked once, when all that
 * flows into it has been added up. Loops, never recurses.
 *
 * @throws GradientError if a step has consumed part of the graph.
 */
export function differentiate({ caller, roots, cotangents, wanted, createGraph }: Question): Answer {
  const paths = new Paths(caller, roots, wanted);
  const dependent = paths.hasOthers || cotangents.some(({ requiresGrad }) => requiresGrad);
  const record = createGraph === 'asNeeded' ? dependent && isGradEnabled() : createGraph;
  const pass = new Pass(paths);
  withGradMode(caller, record, () => pass.run(roots, cotangents));
  return pass;
}

class Pass implements Answer {
  readonly owners = new Map<Tensor, Tensor>();
  readonly #paths: Paths;

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  get hasOthers(): boolean {
    return this.#paths.hasOthers;
  }

  of(value: Value): Tensor | undefined {
    return value.owner === null ? this.#paths.visits.get(value.node)?.cotangents[value.index] : this.owners.get(value.owner);
  }

  run(roots: readonly Tensor[], cotangents: readonly Tensor[]): void {
    const { order } = this.#paths;
    for (let i = 0; i < roots.length; i++) {
      const { value } = roots[i] as Tensor;
      if (this.#paths.needs(value)) this.#add(value, cotangents[i] as Tensor);
    }
    for (let i = order.length - 1; i >= 0; i--) this.#propagate(order[i] as Visit);
  }

  #propagate({ node, cotangents }: Visit): void {
    if (cotangents.length === 0) return;
    const answers = inputCotangents(node, cotangents);
    for (let i = 0; i < node.inputs.length; i++) {
      const input = node.inputs[i] as Value;
      const cotangent = this.#paths.needs(input) ? answers[i]?.() : undefined;
      if (cotangent !== undefined) this.#add(input, cotangent);
    }
  }

  #add(value: Value, cotangent: Tensor): void {
    const before = this.of(value);
    const sum = before === undefined ? cotangent : add(before, cotangent);
    if (value.owner !== null) this.owners.set(value.owner, sum);
    else {
      const visit = this.#paths.visits.get(value.node);
      if (visit !== undefined) visit.cotangents[value.index] = sum;
    }
  }
}

const none: readonly InputCotangent[] = [];

/** Asks a node for the cotangents of its inputs. */
function inputCotangents(node: Node, cotangents: readonly (Tensor | undefined)[]): readonly InputCotangent[] {
  if (node.pullback !== null) return node.pullback(cotangents).map(givenByUser);
  const rule = node.primitive === null ? 'notDifferentiable' : vjpRules[node.primitive];
  if (rule === 'notDifferentiable') return none;
  const answer = rule === 'decomposed' ? rule : ruleAnswer(rule, node, cotangents);
  return answer === 'decomposed' ? byDecomposition(node, cotangents, differentiate) : answer;
}

/** Any primitive's rule. */
type Rule = (cotangent: never, context: never) => readonly InputCotangent[] | 'decomposed';

function ruleAnswer(
  rule: Rule,
  { inputs, outputs, params, scalars }: Node,
  cotangents: readonly (Tensor | undefined)[],
): readonly InputCotangent[] | 'decomposed' {
  const results = outputs.map(tensorOf);
  const single = results.length === 1;
  const context = { inputs: inputs.map(tensorOf), params, scalars, output: single ? results[0] : results };
  // The rule is of this very primitive, so all fits; the compiler cannot follow the correlation.
  return rule((single ? cotangents[0] : cotangents) as never, context as never);
}

/** The user may hold it too: its memory is not reused if a leaf gets it unchanged. */
function givenByUser(cotangent: Tensor | null): InputCotangent {
  if (cotangent === null) return null;
  cotangent.value.claims++;
  return () => cotangent;
}

function tensorOf(value: Value): Tensor {
  return new Tensor(value);
}
