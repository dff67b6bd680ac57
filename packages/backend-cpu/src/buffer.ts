import { type Backend, BackendError, type Buffer, type TensorSpec } from '@dl/tensor';
import { internalError } from '@dl/tensor/internal';
import type { Memory } from './engine/engine.ts';

/** Elements in an engine's memory. */
export class CpuBuffer implements Buffer {
  readonly backend: Backend;
  readonly spec: TensorSpec;
  /** The elements came from the host: indices among them were checked there. */
  readonly uploaded: boolean;
  /** `null` once freed. */
  memory: Memory | null;

  constructor(backend: Backend, spec: TensorSpec, memory: Memory, uploaded: boolean) {
    this.backend = backend;
    this.spec = spec;
    this.memory = memory;
    this.uploaded = uploaded;
  }
}

/**
 * The buffer, if it is one of this backend's.
 *
 * @throws BackendError if it is another's.
 */
export function ownBuffer(buffer: Buffer, backend: Backend): CpuBuffer {
  if (buffer instanceof CpuBuffer && buffer.backend === backend) return buffer;
  const owner = buffer.backend.name === backend.name ? `another ${backend.name}` : `the ${buffer.backend.name}`;
  throw new BackendError(`${backend.name}: got a tensor of ${owner} backend; bring it here first: await t.to(backend)`);
}

/** The memory of a buffer that is still alive. */
export function memoryOf({ memory }: CpuBuffer): Memory {
  if (memory === null) throw internalError('cpu: a buffer was used after it was freed');
  return memory;
}
