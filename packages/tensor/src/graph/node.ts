import type { Buffer } from '../backend.ts';
import type { TypedArray } from '../dtype.ts';
import type { PrimitiveName } from '../primitives/signatures.ts';
import type { Scalar } from '../primitives/tables.ts';
import type { TensorSpec } from '../shape.ts';
import type { GradientEngine, Tensor } from '../tensor.ts';

/** Elements on a device, and who may write there. `shared`, once set, stays: two values can reach this buffer. */
export class Storage {
  readonly buffer: Buffer;
  shared: boolean;
  /** The elements as they were uploaded, where later checks want them: leaves of integer dtype. */
  readonly host: TypedArray | null;
  /** Why the run that should have filled it failed. */
  error: Error | null = null;

  constructor(buffer: Buffer, shared: boolean, host: TypedArray | null = null) {
    this.buffer = buffer;
    this.shared = shared;
    this.host = host;
  }
}

/** Values that are computed together: an evaluation that meets one unevaluated member computes all, and the tie is dropped. */
export interface Companions {
  members: readonly Value[];
  /** The last walk that met it. */
  stamp: number;
}

/** One output of a node: a recipe, and once evaluated perhaps its elements. */
export class Value {
  readonly node: Node;
  readonly index: number;
  readonly spec: TensorSpec;
  storage: Storage | null = null;
  /** How many unsettled nodes consume it; `seen`: how many of them the current evaluation walked. */
  uses = 0;
  seen = 0;
  /** Its number among the leaves of the walk `leafStamp`. */
  leaf = -1;
  leafStamp = 0;
  /** The last walk that made it a root. */
  rootStamp = 0;
  companions: Companions[] | null = null;
  /** The tensor whose lasting state it is: a parameter, a buffer, an optimizer's moment. Gradients end here. */
  owner: Tensor | null = null;
  /** Its elements were overwritten by a step, and the recipe is gone. */
  gone = false;
  /** What it replaced, while the run that computes it may still fail. */
  replaced: Value | null = null;
  /** How many leaves have it as their gradient; more than one, and its memory is not reused. */
  claims = 0;

  constructor(node: Node, index: number, spec: TensorSpec) {
    this.node = node;
    this.index = index;
    this.spec = spec;
  }
}

/** What a node carries when its gradient is not its primitive's (see `customGradient`). */
export type Pullback = (cotangents: readonly (Tensor | undefined)[]) => readonly (Tensor | null)[];

/** A primitive applied to values; a leaf has no primitive. One monomorphic class, for the sake of speed. */
export class Node {
  readonly primitive: PrimitiveName | null;
  inputs: readonly Value[];
  readonly params: object;
  readonly scalars: readonly Scalar[];
  outputs: Value[] = [];
  /** Computed in some evaluation, whether or not its values were kept. */
  settled = false;
  stamp = 0;
  /** Its place in the current walk's order. */
  position = -1;
  /** Not null: it is part of a differentiable graph. */
  engine: GradientEngine | null = null;
  pullback: Pullback | null = null;
  /** A step consumed the graph behind it: gradients cannot pass. */
  consumed = false;
  /** Where it was created, in debug mode. */
  site: Error | null = null;

  constructor(primitive: PrimitiveName | null, inputs: readonly Value[], params: object, scalars: readonly Scalar[]) {
    this.primitive = primitive;
    this.inputs = inputs;
    this.params = params;
    this.scalars = scalars;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (input !== undefined) use(input);
    }
  }
}

const nothing = {};
const none: readonly never[] = [];

/** A value that is there from the start. */
export function leafValue(spec: TensorSpec, storage: Storage | null): Value {
  const node = new Node(null, none, nothing, none);
  node.settled = true;
  const value = new Value(node, 0, spec);
  value.storage = storage;
  node.outputs = [value];
  return value;
}

/** Counts one more consumer. A settled node that kept no value will run again, so it counts as a consumer of its inputs again. */
function use(value: Value): void {
  value.uses++;
  if (!value.node.settled || value.storage !== null || value.node.inputs.length === 0) return;
  const work = [value.node];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (!node.settled) continue;
    node.settled = false;
    for (const input of node.inputs) {
      input.uses++;
      if (input.node.settled && input.storage === null && input.node.inputs.length > 0) work.push(input.node);
    }
  }
}

/** Ties values together: whoever evaluates one, or something behind it, evaluates and keeps all. */
export function tie(members: Value[]): void {
  const unevaluated = members.filter((value) => value.storage === null);
  if (unevaluated.length === 0) return;
  const companions: Companions = { members: unevaluated, stamp: 0 };
  for (const value of unevaluated) {
    if (value.companions === null) value.companions = [companions];
    else value.companions.push(companions);
  }
}

/** Takes a value that nobody will read out of its ties: an evaluation need not keep it. */
export function untie(value: Value): void {
  for (const companions of value.companions ?? []) companions.members = companions.members.filter((member) => member !== value);
  value.companions = null;
}
