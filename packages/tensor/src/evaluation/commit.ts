import type { Buffer } from '../backend.ts';
import { leafValue, type Node, Storage, type Value } from '../graph/node.ts';
import type { Plan } from '../graph/planCache.ts';
import type { Walk } from '../graph/walk.ts';
import type { Update } from './capture.ts';
import { cutConsumed } from './cut.ts';
import { forgetAssignment } from './pending.ts';
import type { Commitment, Replacement } from './runs.ts';

/** Makes an enqueued run true: roots have values, nodes are settled, ties are dropped, state points to its successor. */
export function commit(walked: Walk, plan: Plan, outputs: readonly Buffer[], updates: readonly Update[]): Omit<Commitment, 'onFailure'> {
  const storages = placeOutputs(walked, plan, outputs);
  for (const node of walked.order) settle(node);
  if (updates.length > 0) cutConsumed(walked, new Set(updates.map(({ target }) => target.value)));
  const donated = takeDonated(walked, plan);
  const replaced = updates.map((update) => replaceState(update, donated));
  for (const node of walked.order) trim(node);
  return { storages, replaced };
}

function placeOutputs({ roots, leaves }: Walk, plan: Plan, outputs: readonly Buffer[]): Storage[] {
  const storages = outputs.map((buffer) => new Storage(buffer, false));
  roots.forEach((root, i) => {
    const place = plan.roots[i];
    const storage = (place?.kind === 'input' ? leaves[place.index]?.storage : storages[place?.index ?? -1]) as Storage;
    storage.shared ||= place?.shared ?? true;
    root.storage = storage;
    if (root.owner !== null) forgetAssignment(root.owner, root);
  });
  return storages;
}

/** Computed now: no longer a consumer of its inputs, no longer tied to others. */
function settle(node: Node): void {
  const { inputs, outputs } = node;
  if (!node.settled) {
    node.settled = true;
    for (let i = 0; i < inputs.length; i++) (inputs[i] as Value).uses--;
  }
  for (let i = 0; i < outputs.length; i++) dropTies(outputs[i] as Value);
}

function dropTies(output: Value): void {
  if (output.companions === null) return;
  for (const tie of output.companions) tie.members = none;
  output.companions = null;
}

/** Values whose memory an update has taken over are gone. */
function takeDonated({ leaves }: Walk, { donated }: Plan): ReadonlyMap<Value, Storage> {
  const taken = new Map<Value, Storage>();
  for (const input of donated) {
    const value = input === null ? undefined : leaves[input];
    if (value === undefined || value.storage === null) continue;
    taken.set(value, value.storage);
    value.storage = null;
    value.gone = true;
  }
  return taken;
}

/** The target's value is from now on a leaf with what the update has computed. */
function replaceState({ target, next }: Update, donated: ReadonlyMap<Value, Storage>): Replacement {
  const before = target.value;
  const after = leafValue(next.spec, next.storage);
  after.owner = target;
  after.node.engine = before.node.engine;
  after.replaced = before;
  target.value = after;
  return { target, before, after, storage: donated.get(before) ?? before.storage };
}

/** A node that has all its values, and through which no gradient can flow, needs no inputs any more. */
function trim(node: Node): void {
  if (node.inputs.length === 0 || !node.outputs.every(isStored)) return;
  if (node.engine === null || node.outputs.some(isOwned)) node.inputs = none;
}

const none: readonly never[] = [];

function isStored({ storage }: Value): boolean {
  return storage !== null;
}

function isOwned({ owner }: Value): boolean {
  return owner !== null;
}
