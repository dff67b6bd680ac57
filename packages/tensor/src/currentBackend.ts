import type { Backend } from './backend.ts';
import { reference } from './reference/backend.ts';

let chosen: Backend | null = null;
let fallback: Backend | null = null;

/**
 * Sets the backend on which tensors are created from now on. Tensors that exist stay where they are.
 *
 * @example useBackend(await cpu()); // of @dl/backend-cpu
 */
export function useBackend(backend: Backend): void {
  chosen = backend;
}

/** The backend on which tensors are created: the one chosen with `useBackend`, else the reference backend. */
export function currentBackend(): Backend {
  if (chosen !== null) return chosen;
  fallback ??= reference();
  return fallback;
}

/** As if nobody had chosen a backend: between the files of tests that share a process. */
export function forgetBackend(): void {
  chosen = null;
}

let announced = false;

/** Says once, on stderr, that nobody chose a backend. */
export function announceFallback(backend: Backend): void {
  if (announced || backend !== fallback) return;
  announced = true;
  console.warn(
    '@dl: no backend chosen, so the reference backend runs: plain TypeScript, correct before fast. @dl/backend-cpu is the fast one: useBackend(await cpu()).',
  );
}
