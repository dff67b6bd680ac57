import type { Backend, ScalarBlock } from '../backend.ts';
import { announceFallback, currentBackend } from '../currentBackend.ts';
import { BackendError } from '../errors.ts';
import { compileGraph } from '../graph/compile.ts';
import { push } from '../graph/key.ts';
import { lower } from '../graph/lower.ts';
import type { Node, Storage, Value } from '../graph/node.ts';
import type { Donation } from '../graph/passes/placement.ts';
import { type Plan, planCacheOf } from '../graph/planCache.ts';
import { pushEnds, type Walk, walk } from '../graph/walk.ts';
import type { Tensor } from '../tensor.ts';
import { checkLeafIndices } from './checkIndices.ts';
import { commit } from './commit.ts';
import { observePlan } from './observePlan.ts';
import { track } from './runs.ts';

/** A piece of state, and the value that the run gives it. */
export interface Update {
  readonly target: Tensor;
  readonly next: Value;
}

const resolved = Promise.resolve();

/**
 * Captures the graph behind some values, enqueues its run and commits what follows from it, all before it returns;
 * the promise is settled when the run is. Throws, with nothing changed, where it cannot start.
 */
export function capture(wanted: readonly Value[], updates: readonly Update[] = [], onFailure: (() => void) | null = null): Promise<void> {
  const isStep = updates.length > 0;
  let walked = walk(wanted, isStep);
  if (walked.initial.length > 0) {
    void launch(walk(walked.initial), [], null);
    walked = walk(wanted, isStep);
  }
  return launch(walked, updates, onFailure);
}

function launch(walked: Walk, updates: readonly Update[], onFailure: (() => void) | null): Promise<void> {
  if (walked.order.length === 0) return resolved;
  checkLeafIndices(walked.order);
  const backend = backendOf(walked.leaves);
  const plan = findPlan(walked, updates, backend);
  const buffers = walked.leaves.map((leaf) => (leaf.storage as Storage).buffer);
  const { outputs, done } = plan.executable.run(buffers, scalarBlock(walked, plan));
  return track(done, { ...commit(walked, plan, outputs, updates), onFailure });
}

function findPlan(walked: Walk, updates: readonly Update[], backend: Backend): Plan {
  const donations = wishedDonations(walked, updates);
  pushEnds(walked.leaves, walked.roots);
  for (const root of walked.roots) push(root.owner === null ? 0 : 1);
  for (const { root, input } of donations) {
    push(root);
    push(input);
  }
  return planCacheOf(backend).find((key) => makePlan(key, walked, donations, backend));
}

/** Updates whose old value is used nowhere but in this plan, and whose memory nobody else can reach. */
function wishedDonations({ roots, stamp }: Walk, updates: readonly Update[]): Donation[] {
  const wishes: Donation[] = [];
  for (const { target, next } of updates) {
    const { value } = target;
    if (value.leafStamp !== stamp || value.storage === null || value.storage.shared || value.uses !== value.seen) continue;
    const root = roots.indexOf(next);
    if (root !== -1) wishes.push({ root, input: value.leaf });
  }
  return wishes;
}

function makePlan(key: Int32Array, walked: Walk, donations: readonly Donation[], backend: Backend): Plan {
  observePlan();
  const scalarCount = walked.order.reduce((count, node) => count + node.scalars.length, 0);
  const draft = lower(walked.order, walked.leaves, walked.roots, backend);
  const resident = walked.roots.map((root) => root.owner !== null || donations.some((donation) => walked.roots[donation.root] === root));
  const { graph, roots } = compileGraph(draft, donations, scalarCount, resident);
  const donated = roots.map((place) => (place.kind === 'output' ? (graph.outputs[place.index]?.donated ?? null) : null));
  return { key, executable: backend.compile(graph), roots, donated, scalarCount, constants: graph.constants, lastUse: 0 };
}

function scalarBlock({ order }: Walk, { scalarCount, constants }: Plan): ScalarBlock {
  const block = new Float64Array(scalarCount + constants.length);
  let slot = 0;
  for (let i = 0; i < order.length; i++) {
    const { scalars } = order[i] as Node;
    for (let k = 0; k < scalars.length; k++) block[slot++] = scalars[k] as number;
  }
  block.set(constants, scalarCount);
  return block;
}

/** The one backend on which all leaves lie; the current one where there are none. */
function backendOf(leaves: readonly Value[]): Backend {
  let backend: Backend | null = null;
  for (const { storage } of leaves) {
    const other = (storage as Storage).buffer.backend;
    if (backend === null) backend = other;
    else if (backend !== other) {
      throw new BackendError(
        `evaluate: all tensors must be on one backend; got ${backend.name} and ${other.name}. Bring one over first: await t.to(backend)`,
      );
    }
  }
  const chosen = backend ?? currentBackend();
  announceFallback(chosen);
  return chosen;
}
