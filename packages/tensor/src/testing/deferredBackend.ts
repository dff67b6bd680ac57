import type { Backend, Buffer, Executable, ScalarBlock } from '../backend.ts';
import type { Graph } from '../graph/graph.ts';
import type { TensorSpec } from '../shape.ts';

/** A promise of another backend's buffer. */
interface DeferredBuffer extends Buffer {
  inner: Buffer | null;
  error: Error | null;
}

/**
 * Another backend made asynchronous, for tests: each run starts in a later task, first in first out, as on a GPU.
 * What fails poisons the runs that use its outputs, and nothing else.
 */
export function deferred(inner: Backend): Backend {
  let tail: Promise<void> = Promise.resolve();
  const enqueue = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = tail.then(laterTask).then(work);
    tail = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  const backend: Backend = {
    name: `deferred ${inner.name}`,
    description: `${inner.description}, later`,
    limits: { ...inner.limits, synchronous: false },
    decomposed: inner.decomposed,
    compile: (graph) => executable(graph, inner.compile(graph), backend, enqueue),
    upload: (spec, data) => ({ ...pending(backend, spec), inner: inner.upload(spec, data) }),
    read: (buffer) => enqueue(() => inner.read(innerOf(buffer))),
    free: (buffer) => void enqueue(() => inner.free(innerOf(buffer))).catch(() => {}),
    memory: () => inner.memory(),
  };
  return backend;
}

function executable(graph: Graph, inner: Executable, backend: Backend, enqueue: <T>(work: () => T | Promise<T>) => Promise<T>): Executable {
  return {
    run(inputs, scalars: ScalarBlock) {
      // A donated output is a buffer object of its own: if the run fails, the old one still holds the old elements.
      const outputs = graph.outputs.map(({ spec }) => pending(backend, spec));
      const done = enqueue(async () => {
        const result = inner.run(inputs.map(innerOf), scalars);
        for (const [i, output] of outputs.entries()) output.inner = result.outputs[i] ?? null;
        await result.done;
      });
      done.catch((error: Error) => {
        for (const output of outputs) output.error = error;
      });
      return { outputs, done };
    },
    release: () => inner.release(),
  };
}

function pending(backend: Backend, spec: TensorSpec): DeferredBuffer {
  return { backend, spec, inner: null, error: null };
}

function innerOf(buffer: Buffer): Buffer {
  const { inner, error } = buffer as DeferredBuffer;
  if (error !== null) throw error;
  if (inner === null) throw new Error('internal: deferred: a buffer was used before the run that fills it');
  return inner;
}

function laterTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
