import { observeNodes } from './apply.ts';
import type { TypedArray } from './dtype.ts';
import { DlError } from './errors.ts';
import { capture } from './evaluation/capture.ts';
import { onPlan } from './evaluation/observePlan.ts';
import type { Node, Storage } from './graph/node.ts';
import { formatShape } from './shape.ts';

/** What the debug switch does; all of it costs time. */
export interface DebugOptions {
  /** Evaluate each operation as it is called, so that an error is thrown where it is made. Synchronous backends only. Default `true`. */
  readonly eager?: boolean;
  /** Throw at the operation that makes the first NaN out of numbers that are none. Implies `eager`. Default `true`. */
  readonly checkNaN?: boolean;
  /** Warn when one call site makes more than 32 plans. Default `true`. */
  readonly warnPlans?: boolean;
}

/** So many plans of one call site are suspicious: data in the structure, or shapes that never come again. */
const planLimit = 32;

/**
 * Switches debugging on, or off with `false`.
 *
 * @throws DlError from the operation that made a NaN, naming it and where it was created.
 * @example
 * debug({ checkNaN: true });
 * debug(false);
 */
export function debug(options: DebugOptions | false): void {
  observeNodes(null);
  onPlan(null);
  if (options === false) return;
  const { checkNaN = true, eager = true, warnPlans = true } = options;
  if (eager || checkNaN) observeNodes((node) => inspectNode(node, checkNaN));
  if (warnPlans) onPlan(countPlans(new Map()));
}

function inspectNode(node: Node, checkNaN: boolean): void {
  node.site = new Error(`${node.primitive} was created here`);
  // An evaluated node may drop its inputs.
  const { inputs } = node;
  void capture(node.outputs);
  if (!checkNaN || inputs.some((input) => hasNaN(input.storage))) return;
  const made = node.outputs.find((output) => hasNaN(output.storage));
  if (made === undefined) return;
  throw new DlError(
    `${node.primitive}: made a NaN in a ${made.spec.dtype} tensor of shape ${formatShape(made.spec.shape)}\n${callSite(node.site)}`,
  );
}

function hasNaN(storage: Storage | null): boolean {
  if (storage === null) return false;
  const { buffer } = storage;
  const elements: TypedArray = buffer.backend.readSync?.(buffer) ?? new Float32Array(0);
  return elements.some((element) => Number.isNaN(element));
}

function countPlans(counts: Map<string, number>): () => void {
  return () => {
    const site = callSite(new Error('plan'));
    const count = (counts.get(site) ?? 0) + 1;
    counts.set(site, count);
    if (count === planLimit + 1)
      console.warn(`@dl: one call site has made more than ${planLimit} plans; do shapes or constants change every time?\n${site}`);
  };
}

/** The stack from the first frame outside the library on. */
function callSite({ stack = '' }: Error): string {
  const frames = stack.split('\n').slice(1);
  const outside = frames.findIndex((frame) => !/packages[\\/]tensor[\\/]src|@dl[\\/]tensor/.test(frame) || frame.includes('.test.'));
  return frames.slice(Math.max(outside, 0)).join('\n');
}
