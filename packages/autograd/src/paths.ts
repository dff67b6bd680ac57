import { GradientError, type Tensor } from '@dl/tensor';
import { isFloating, type Node, type Value } from '@dl/tensor/internal';

/** What is differentiated for: the tensor whose lasting state a value is, or else the value itself. */
export type Target = Tensor | Value;

/** What a gradient with respect to a value is filed under. A parameter's values, before and after a step, count as one. */
function targetOf(value: Value): Target {
  return value.owner ?? value;
}

/** Whether a gradient can flow into a value. */
export function isDifferentiable(value: Value): boolean {
  return value.node.engine !== null && isFloating(value.spec.dtype);
}

/** What a walk looks for. */
export interface Wanted {
  has(target: Target): boolean;
  /** Whether the walk stops there, rather than look for more behind it. */
  endsAt(target: Target): boolean;
}

/** Given tensors, behind which others may lie. */
export function targetsOf(tensors: readonly Tensor[]): Wanted {
  const targets = new Set(tensors.map(({ value }) => targetOf(value)));
  return { has: (target) => targets.has(target), endsAt: () => false };
}

/** A node behind the roots, with the cotangents that have arrived at its outputs. */
export class Visit {
  readonly node: Node;
  readonly cotangents: (Tensor | undefined)[] = [];
  /** Whether something wanted lies behind it. */
  onPath = false;
  /** The input that the walk looks at next. */
  next = 0;

  constructor(node: Node) {
    this.node = node;
  }
}

/** The nodes between roots and what is wanted. */
export class Paths {
  /** Those that lead to something wanted; inputs come before their consumers. */
  readonly order: Visit[] = [];
  readonly visits = new Map<Node, Visit>();
  /** Whether gradients could flow from the roots to something that is not wanted, too. */
  hasOthers = false;
  readonly #caller: string;
  readonly #wanted: Wanted;
  readonly #stack: Visit[] = [];

  /**
   * Walks depth first, on a stack of its own. Gradients end at values with an owner.
   *
   * @throws GradientError where it meets a node whose graph a step has consumed, on whatever path: no gradient is silently incomplete.
   */
  constructor(caller: string, roots: readonly Tensor[], wanted: Wanted) {
    this.#caller = caller;
    this.#wanted = wanted;
    for (const { value } of roots) this.#walkFrom(value);
  }

  /** Whether a cotangent of this value is of any use. */
  needs(value: Value): boolean {
    if (!isDifferentiable(value)) return false;
    if (value.owner === null && this.visits.get(value.node)?.onPath) return true;
    return this.#wanted.has(targetOf(value));
  }

  #walkFrom(root: Value): void {
    const stack = this.#stack;
    this.#arrive(root, null);
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const input = visit.node.inputs[visit.next++];
      if (input === undefined) this.#leave();
      else this.#arrive(input, visit);
    }
  }

  #arrive(value: Value, consumer: Visit | null): void {
    if (!isDifferentiable(value)) return;
    const wanted = this.#wanted.has(targetOf(value));
    if (value.owner === null) {
      const visit = this.visits.get(value.node) ?? this.#enter(value, wanted);
      if (visit.onPath && consumer !== null) consumer.onPath = true;
    } else if (!wanted) this.hasOthers = true;
    if (wanted && consumer !== null) consumer.onPath = true;
  }

  #enter(value: Value, wanted: boolean): Visit {
    const { node } = value;
    const visit = new Visit(node);
    const goesOn = node.inputs.some(isDifferentiable);
    this.visits.set(node, visit);
    if (this.#wanted.endsAt(value)) {
      this.hasOthers ||= goesOn;
      return visit;
    }
    if (node.consumed || node.inputs.length === 0) throw new GradientError(consumedMessage(this.#caller, node));
    // Nothing differentiable behind it, so it is itself what somebody else differentiates for.
    this.hasOthers ||= !goesOn && !wanted;
    this.#stack.push(visit);
    return visit;
  }

  #leave(): void {
    const visit = this.#stack.pop();
    if (visit === undefined || !visit.onPath) return;
    this.order.push(visit);
    const consumer = this.#stack.at(-1);
    if (consumer !== undefined) consumer.onPath = true;
  }
}

function consumedMessage(caller: string, node: Node): string {
  return `${caller}: the graph behind the result of ${node.primitive ?? 'a tensor'} was consumed by optimizer.step(); detach() it, or compute it again`;
}
