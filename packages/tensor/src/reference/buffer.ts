import type { Backend, Buffer } from '../backend.ts';
import type { TypedArray } from '../dtype.ts';
import { BackendError, internalError } from '../errors.ts';
import type { TensorSpec } from '../shape.ts';

/** Elements in a typed array. */
export class ReferenceBuffer implements Buffer {
  readonly backend: Backend;
  readonly spec: TensorSpec;
  /** `null` once freed. */
  data: TypedArray | null;

  constructor(backend: Backend, spec: TensorSpec, data: TypedArray) {
    this.backend = backend;
    this.spec = spec;
    this.data = data;
  }
}

/** The elements of a buffer that is still alive. */
export function elementsOf(buffer: Buffer): TypedArray {
  const { data } = ownBuffer(buffer);
  if (data === null) throw internalError('reference: a buffer was used after it was freed');
  return data;
}

/** The buffer, if it is one of this backend's. */
export function ownBuffer(buffer: Buffer): ReferenceBuffer {
  if (buffer instanceof ReferenceBuffer) return buffer;
  throw new BackendError(`reference: got a tensor of the ${buffer.backend.name} backend; bring it here first: await t.to(backend)`);
}
