import { ConsumedError } from '../errors.ts';
import { beginKey, push, pushParams, pushSpec, pushString } from './key.ts';
import type { Companions, Node, Value } from './node.ts';

/** What an evaluation has to do with: nodes to run, in an order that suits their inputs, and the leaves they start from. */
export interface Walk {
  readonly order: readonly Node[];
  readonly leaves: readonly Value[];
  /** What must outlive the run: the wanted values, their companions, assigned state, and what somebody outside will need. */
  readonly roots: readonly Value[];
  /** Members of the ties met that have a value already. */
  readonly evaluatedCompanions: readonly Value[];
  /** Lasting state whose first value is still a recipe of constants and random numbers. */
  readonly initial: readonly Value[];
  readonly stamp: number;
}

let stamps = 0;

/** A number that no node carries yet. */
export function freshStamp(): number {
  return ++stamps;
}

interface Walking {
  order: Node[];
  leaves: Value[];
  roots: Value[];
  evaluatedCompanions: Value[];
  initial: Value[];
  stamp: number;
}

// One explicit stack for all walks: nodes, and how many of their inputs have been visited.
const stackNodes: Node[] = [];
const stackNext: number[] = [];

/**
 * Walks from the wanted values down to the leaves, without recursion, and writes the graph's structure into the key.
 *
 * @param keepsScalars whether differentiable values of one element become roots: a step consumes the graph, and the parts of a
 *   loss, read after it, cost four bytes each.
 * @throws ConsumedError where it meets a value that a step has overwritten, and the error of a failed run where it meets its output.
 */
export function walk(wanted: readonly Value[], keepsScalars = false): Walk {
  const stamp = freshStamp();
  const state: Walking = { order: [], leaves: [], roots: [], evaluatedCompanions: [], initial: [], stamp };
  beginKey();
  for (const value of wanted) addRoot(value, state);
  // Roots found on the way (companions, assigned state) join the end of the list.
  for (let i = 0; i < state.roots.length; i++) visitFrom(state.roots[i] as Value, state);
  addEscapes(state);
  if (keepsScalars) addScalars(state);
  return state;
}

/** Writes the part of the key that is known last: what the leaves are, and which values the run keeps. */
export function pushEnds(leaves: readonly Value[], roots: readonly Value[]): void {
  push(leaves.length);
  for (const leaf of leaves) pushSpec(leaf.spec);
  push(roots.length);
  for (const root of roots) pushReference(root);
}

/** A root that is computed, not already there; each once. */
function addRoot(value: Value, state: Walking): void {
  if (value.storage !== null || value.rootStamp === state.stamp) return;
  value.rootStamp = state.stamp;
  state.roots.push(value);
}

function visitFrom(root: Value, state: Walking): void {
  visit(root, state);
  while (stackNodes.length > 0) {
    const top = stackNodes.length - 1;
    const node = stackNodes[top] as Node;
    const next = stackNext[top] as number;
    if (next < node.inputs.length) {
      stackNext[top] = next + 1;
      visit(node.inputs[next] as Value, state);
    } else {
      stackNodes.pop();
      stackNext.pop();
      finish(node, state);
    }
  }
}

function visit(value: Value, state: Walking): void {
  if (value.storage !== null) visitLeaf(value, state);
  else if (value.node.stamp !== state.stamp) visitNode(value, state);
}

function visitLeaf(value: Value, state: Walking): void {
  if (value.leafStamp === state.stamp) return;
  if (value.storage !== null && value.storage.error !== null) abandon(value.storage.error);
  value.leafStamp = state.stamp;
  value.leaf = state.leaves.length;
  value.seen = 0;
  state.leaves.push(value);
}

function visitNode(value: Value, state: Walking): void {
  const { node } = value;
  if (value.gone || node.primitive === null) abandon(new ConsumedError(consumedMessage(node)));
  node.stamp = state.stamp;
  for (let i = 0; i < node.outputs.length; i++) {
    const output = node.outputs[i] as Value;
    output.seen = 0;
    if (output.storage !== null) continue;
    if (output.companions !== null) visitCompanions(output.companions, state);
    if (output.owner !== null && output.owner.value === output) visitState(output, state);
  }
  stackNodes.push(node);
  stackNext.push(0);
}

function visitCompanions(ties: readonly Companions[], state: Walking): void {
  for (const tie of ties) {
    if (tie.stamp === state.stamp) continue;
    tie.stamp = state.stamp;
    for (const member of tie.members) {
      if (member.storage !== null) state.evaluatedCompanions.push(member);
      else if (!member.gone) addRoot(member, state);
    }
  }
}

function visitState(value: Value, state: Walking): void {
  addRoot(value, state);
  // What is tied to others is assigned state, whatever its recipe.
  if (value.companions === null && isInitial(value)) state.initial.push(value);
}

/** Inputs come first: the node gets its place, its inputs' counts and its words in the key. */
function finish(node: Node, state: Walking): void {
  node.position = state.order.length;
  state.order.push(node);
  pushString(node.primitive as string);
  pushParams(node.params);
  push(node.inputs.length);
  for (let i = 0; i < node.inputs.length; i++) {
    const input = node.inputs[i] as Value;
    if (!node.settled) input.seen++;
    pushReference(input);
  }
}

/** A leaf by its number, a computed value by its node's place. */
function pushReference(value: Value): void {
  push(value.storage === null ? (value.node.position << 3) | value.index : -1 - value.leaf);
}

/** A computed value with more consumers than this walk saw is needed by somebody outside: it is kept. */
function addEscapes(state: Walking): void {
  for (let i = 0; i < state.order.length; i++) {
    const { outputs } = state.order[i] as Node;
    for (let k = 0; k < outputs.length; k++) {
      const output = outputs[k] as Value;
      if (output.storage === null && output.uses > output.seen) addRoot(output, state);
    }
  }
}

function addScalars(state: Walking): void {
  for (let i = 0; i < state.order.length; i++) {
    const { engine, outputs } = state.order[i] as Node;
    const output = outputs[0];
    if (engine !== null && outputs.length === 1 && output !== undefined && output.spec.shape.length === 0) addRoot(output, state);
  }
}

/** Whether nothing with a value stands behind it: constants and random numbers only. */
function isInitial(value: Value): boolean {
  const met = new Set<Value>([value]);
  for (const next of met) {
    if (next.storage !== null) return false;
    for (const input of next.node.inputs) met.add(input);
  }
  return true;
}

function abandon(error: Error): never {
  stackNodes.length = 0;
  stackNext.length = 0;
  throw error;
}

function consumedMessage(node: Node): string {
  const name = node.primitive ?? 'tensor';
  return `${name}: this value was not kept, and the weights it depends on were replaced by optimizer.step(); read it before the step, or return it from the module`;
}
