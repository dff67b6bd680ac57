import { type Backend, BackendError, type Buffer, type DType, dtypes, type Executable, type TensorSpec, type TypedArray } from '@dl/tensor';
import { bytesOf, type DecomposableName, formatShape, type Graph, sizeOf, viewOf } from '@dl/tensor/internal';
import { CpuBuffer, memoryOf, ownBuffer } from './buffer.ts';
import { decomposed } from './encode/encoding.ts';
import type { Engine } from './engine/engine.ts';
import { CpuExecutable } from './executable.ts';

/** Positions in a tensor are 32-bit integers. */
const maxElements = 2 ** 31 - 1;

/** A backend over an engine. */
export class CpuBackend implements Backend {
  readonly name = 'cpu';
  readonly description: string;
  readonly limits: { readonly dtypes: readonly DType[]; readonly maxBytes: number; readonly synchronous: boolean };
  readonly decomposed: ReadonlySet<DecomposableName> = decomposed;
  readonly engine: Engine;
  /** Plans that take more seconds than this run off the main thread: a thread's wake-up costs tens of microseconds. */
  readonly longRun: number;
  /** Resolves when all runs enqueued so far have finished. */
  private settled: Promise<void> = Promise.resolve();

  constructor(engine: Engine, description: string, longRun: number) {
    this.engine = engine;
    this.description = description;
    this.longRun = longRun;
    this.limits = { dtypes, maxBytes: maxElements * 8, synchronous: true };
  }

  compile(graph: Graph): Executable {
    for (const { spec } of graph.values) checkSize(spec);
    return new CpuExecutable(graph, this);
  }

  upload(spec: TensorSpec, data: TypedArray): Buffer {
    checkSize(spec);
    return new CpuBuffer(this, spec, this.engine.adopt(data), true);
  }

  async read(buffer: Buffer): Promise<TypedArray> {
    const own = ownBuffer(buffer, this);
    if (this.engine.pending > 0) await this.settled;
    return this.copyOf(own);
  }

  readSync(buffer: Buffer): TypedArray {
    const own = ownBuffer(buffer, this);
    this.engine.drain();
    return this.copyOf(own);
  }

  free(buffer: Buffer): void {
    const own = ownBuffer(buffer, this);
    if (own.memory !== null) this.engine.free(own.memory);
    own.memory = null;
  }

  memory(): { readonly live: number; readonly scratch: number; readonly peak: number } {
    return this.engine.usage();
  }

  /** Remembers an enqueued run, so that reads wait for it. */
  follow(done: Promise<void>): void {
    const before = this.settled;
    this.settled = done.then(
      () => before,
      () => before,
    );
  }

  private copyOf(buffer: CpuBuffer): TypedArray {
    const { shape, dtype } = buffer.spec;
    const length = sizeOf(shape);
    const copy = new ArrayBuffer(length * bytesOf[dtype]);
    new Uint8Array(copy).set(this.engine.view(memoryOf(buffer)).subarray(0, copy.byteLength));
    return viewOf(dtype, copy, 0, length);
  }
}

function checkSize({ shape, dtype }: TensorSpec): void {
  if (sizeOf(shape) > maxElements)
    throw new BackendError(`cpu: a tensor may have up to ${maxElements} elements; got ${dtype} ${formatShape(shape)}`);
}
