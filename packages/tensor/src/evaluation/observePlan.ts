let observer: (() => void) | null = null;

/** Called whenever a plan is made; the debug switch listens. */
export function observePlan(): void {
  observer?.();
}

export function onPlan(listener: (() => void) | null): void {
  observer = listener;
}
