import type { Backend, Executable } from '../backend.ts';
import { bytesOf, dtypes } from '../dtype.ts';
import { BackendError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { formatShape, sizeOf } from '../shape.ts';
import { Arena } from './arena.ts';
import { elementsOf, ownBuffer, ReferenceBuffer } from './buffer.ts';
import { ReferenceExecutable } from './executable.ts';
import { Pool } from './pool.ts';

export interface ReferenceOptions {
  /** Fill scratch and freed memory with NaN, so that a read of what is gone shows. For tests. */
  readonly poison?: boolean;
}

/** 2^31 elements of float32: as long as a typed array gets everywhere. */
const maxBytes = 2 ** 33;

/**
 * The reference backend: plain loops over typed arrays, one instruction after the other. It is the oracle of every test,
 * synchronous, and the same bits every time.
 *
 * @example useBackend(reference());
 */
export function reference(options: ReferenceOptions = {}): Backend {
  const pool = new Pool(options.poison ?? false);
  const arena = new Arena(options.poison ?? false);
  const backend: Backend = {
    name: 'reference',
    description: 'plain TypeScript, 1 thread',
    limits: { dtypes, maxBytes, synchronous: true },
    decomposed: new Set(),
    compile: (graph) => compile(graph, backend, arena, pool),
    upload: (spec, data) => new ReferenceBuffer(backend, spec, data),
    read: async (buffer) => elementsOf(buffer).slice(),
    readSync: (buffer) => elementsOf(buffer).slice(),
    free: (buffer) => pool.release(ownBuffer(buffer)),
    memory: () => ({ live: pool.kept, scratch: arena.bytes, peak: pool.peak }),
  };
  return backend;
}

function compile(graph: Graph, backend: Backend, arena: Arena, pool: Pool): Executable {
  for (const { spec } of graph.values) {
    if (sizeOf(spec.shape) * bytesOf[spec.dtype] > maxBytes) {
      throw new BackendError(`reference: a tensor may have up to ${maxBytes} bytes; got ${spec.dtype} ${formatShape(spec.shape)}`);
    }
  }
  return new ReferenceExecutable(graph, backend, arena, pool);
}
