import { ArgumentError } from './errors.ts';

let enabled = true;

/** Whether operations record what gradients need. */
export function isGradEnabled(): boolean {
  return enabled;
}

/**
 * Runs a synchronous function with recording switched on or off, and restores it whatever happens.
 *
 * @throws ArgumentError if the function returns a promise: the mode would leak into whatever runs meanwhile.
 */
export function withGradMode<R>(caller: string, wanted: boolean, f: () => R): R {
  const before = enabled;
  enabled = wanted;
  try {
    const result = f();
    if (isPromise(result)) {
      result.then(undefined, () => {});
      throw new ArgumentError(
        `${caller}: the function must be synchronous; got one that returns a promise. Await outside: await ${caller}(() => …).data()`,
      );
    }
    return result;
  } finally {
    enabled = before;
  }
}

/** Whether something can be awaited. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
