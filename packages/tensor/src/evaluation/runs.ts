import type { Storage, Value } from '../graph/node.ts';
import type { Tensor } from '../tensor.ts';

/** What a run has changed, so that its failure can undo it. */
export interface Commitment {
  /** What it filled. */
  readonly storages: readonly Storage[];
  /** State that it replaced, with the values from before. */
  readonly replaced: readonly Replacement[];
  /** Called after the state is back. */
  readonly onFailure: (() => void) | null;
}

export interface Replacement {
  readonly target: Tensor;
  readonly before: Value;
  readonly after: Value;
  /** What `before` held. */
  readonly storage: Storage | null;
}

let inFlight = 0;
const waiting: (() => void)[] = [];

/** Follows a run to its end. The promise never makes an unhandled rejection, awaited or not. */
export function track(done: Promise<void>, commitment: Commitment): Promise<void> {
  inFlight++;
  const finished = done.then(
    () => {
      settleRun();
      for (const { after } of commitment.replaced) after.replaced = null;
    },
    (error: unknown) => {
      settleRun();
      undo(commitment, error instanceof Error ? error : new Error(String(error)));
      throw error;
    },
  );
  return handled(finished);
}

/** Waits until at most `limit` runs are in flight: a loader must not run ahead of the device. */
export async function drainRuns(limit: number): Promise<void> {
  while (inFlight > limit) await new Promise<void>((resolve) => waiting.push(resolve));
}

/** Marks a promise as somebody's business: unawaited, its rejection is not reported; awaited, it rejects as ever. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

let lastBreath = 0;

/** Lets timers and I/O through, at least every 10 ms of awaited evaluations. */
export async function breathe(): Promise<void> {
  if (performance.now() - lastBreath < 10) return;
  await macrotask();
  lastBreath = performance.now();
}

function settleRun(): void {
  inFlight--;
  for (const wake of waiting.splice(0)) wake();
}

/** The outputs carry the error; state goes back to what it was, unless somebody has set it anew. */
function undo({ storages, replaced, onFailure }: Commitment, error: Error): void {
  for (const storage of storages) storage.error = error;
  for (const { target, before, after, storage } of replaced) {
    before.storage = storage;
    before.gone = false;
    if (descends(target.value, after)) target.value = before;
  }
  onFailure?.();
}

/** Whether a value is another one, or has replaced it since. */
function descends(value: Value | null, ancestor: Value): boolean {
  for (let current = value; current !== null; current = current.replaced) if (current === ancestor) return true;
  return false;
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
