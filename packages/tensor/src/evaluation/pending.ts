import type { Value } from '../graph/node.ts';
import type { Tensor } from '../tensor.ts';

/** State that was assigned and not evaluated since: it rides with the next step. Strongly held, and bounded by `assign`. */
const pending = new Set<Tensor>();

export function rememberAssignment(target: Tensor): void {
  target.assignments++;
  pending.add(target);
}

/** Its present value has been computed. */
export function forgetAssignment(target: Tensor, value: Value): void {
  if (target.value !== value) return;
  target.assignments = 0;
  pending.delete(target);
}

/** Takes an assignment back. */
export function revertAssignment(target: Tensor, before: Value): void {
  target.value = before;
  if (before.storage !== null) forgetAssignment(target, before);
}

/** Whoever could not be evaluated tells why when it is read. */
export function forgetAll(): void {
  for (const target of pending) target.assignments = 0;
  pending.clear();
}

/** The values of all state that waits. */
export function pendingValues(): Value[] {
  return [...pending].map(({ value }) => value);
}

export function pendingCount(): number {
  return pending.size;
}
