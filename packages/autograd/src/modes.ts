import { withGradMode } from '@dl/tensor/internal';

export { isGradEnabled } from '@dl/tensor/internal';

/** What a synchronous function returns; `never` for a promise, so that an async function does not compile. */
export type Synchronous<R> = R extends PromiseLike<unknown> ? never : R;

/**
 * Runs a synchronous function whose operations record nothing for gradients, and returns its result. PyTorch: `torch.no_grad`.
 *
 * @throws ArgumentError if the function returns a promise: await outside, `await noGrad(() => model(x)).data()`.
 * @example const scores = noGrad(() => model(images));
 */
export function noGrad<R>(f: () => Synchronous<R>): R {
  return withGradMode<R>('noGrad', false, f);
}

/**
 * Runs a synchronous function whose operations record what gradients need, even inside `noGrad`. PyTorch: `torch.enable_grad`.
 *
 * @throws ArgumentError if the function returns a promise.
 * @example noGrad(() => enableGrad(() => loss(x)).backward());
 */
export function enableGrad<R>(f: () => Synchronous<R>): R {
  return withGradMode<R>('enableGrad', true, f);
}
