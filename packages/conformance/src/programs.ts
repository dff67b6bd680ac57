import { cpu } from '@dl/backend-cpu';
import { CrossEntropyLoss, type Module } from '@dl/nn';
import type { Adam, SGD } from '@dl/optim';
import { type Backend, reference, type Tensor, useBackend } from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { deferred } from '@dl/tensor/testing';
import { batch, labels } from './fill.ts';

/** What the files of programs share. Scratch and freed memory hold NaN. */
export const backends = {
  reference: () => reference({ poison: true }),
  'an asynchronous backend': () => deferred(reference({ poison: true })),
  'the processor': () => cpu({ threads: 2, longRun: Number.POSITIVE_INFINITY }),
  'the processor, off the main thread': () => cpu({ threads: 1, longRun: 0 }),
  WebAssembly: () => cpu({ engine: 'wasm' }),
};

export const criterion = new CrossEntropyLoss();

/** A backend of its own for a test, with an empty plan cache. */
export async function freshBackend(create: () => Backend | Promise<Backend>): Promise<Backend> {
  const backend = await create();
  useBackend(backend);
  return backend;
}

/** float32 steps in another order of summation drift by some ulps. */
export function expectClose(actual: number | readonly number[], expected: number | readonly number[], tolerance = 2e-5): void {
  const got = typeof actual === 'number' ? [actual] : actual;
  const want = typeof expected === 'number' ? [expected] : expected;
  if (got.length !== want.length) throw new Error(`got ${got.length} elements, PyTorch gives ${want.length}`);
  for (const [i, x] of got.entries()) {
    const y = want[i] as number;
    if (!(Math.abs(x - y) <= tolerance * (1 + Math.abs(y)))) throw new Error(`element ${i}: got ${x}, PyTorch gives ${y}`);
  }
}

export function plansOf(backend: Backend): number {
  return planCacheOf(backend).size;
}

/** One step of the usual loop. */
export async function train(model: Module & ((x: Tensor) => Tensor), optimizer: SGD | Adam, step: number): Promise<Tensor> {
  optimizer.zeroGrad();
  const loss = criterion(model(batch(step)), labels(step));
  loss.backward();
  await optimizer.step();
  return loss;
}
