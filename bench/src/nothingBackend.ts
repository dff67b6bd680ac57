import { type Backend, type Buffer, dtypes, type TypedArray } from '@dl/tensor';

/** A device that computes nothing: what is left of the time is the library's own. */
export function nothingBackend(): Backend {
  const buffer = (shape: readonly number[]): Buffer => ({ backend, spec: { shape, dtype: 'float32' } });
  const elements = (): TypedArray => new Float32Array(4);
  const backend: Backend = {
    name: 'nothing',
    description: 'computes nothing',
    limits: { dtypes, maxBytes: Number.POSITIVE_INFINITY, synchronous: true },
    decomposed: new Set(),
    compile: (graph) => {
      const outputs = graph.outputs.map(({ spec }) => buffer(spec.shape));
      return { run: () => ({ outputs, done: Promise.resolve() }), release: () => {} };
    },
    upload: ({ shape }) => buffer(shape),
    read: async () => elements(),
    readSync: elements,
    free: () => {},
    memory: () => ({ live: 0, scratch: 0, peak: 0 }),
  };
  return backend;
}
