import type { Backend, Buffer, DType, Executable, TensorSpec, TypedArray } from '@dl/tensor';
import { BackendError } from '@dl/tensor';
import type { DecomposableName, Graph } from '@dl/tensor/internal';
import { GpuBuffer, Residence, residenceOf, Version } from './buffer.ts';
import { checkSpec, fromDevice, rangeOf, supportedDTypes, toDevice } from './convert.ts';
import type { Engine } from './engine.ts';
import { asDlError, GpuExecutable, type Host } from './executable.ts';
import type { Elements } from './gpujs.ts';
import { decomposed } from './kernels/index.ts';
import { Queue } from './queue.ts';
import { Store } from './store.ts';

/** A backend over an engine. Everything that touches the device goes through one queue, in the order of the calls. */
export class GpuBackend implements Backend {
  readonly name = 'gpu';
  readonly description: string;
  readonly limits: { readonly dtypes: readonly DType[]; readonly maxBytes: number; readonly synchronous: boolean };
  readonly decomposed: ReadonlySet<DecomposableName> = decomposed;
  private readonly store: Store;
  private readonly queue = new Queue();
  private readonly host: Host;
  /** A safety net: buffers that nobody frees and nobody can reach. */
  private readonly unreachable = new FinalizationRegistry<Residence>((residence) => this.discard(residence));

  constructor(engine: Engine, bufferBytes: number) {
    this.description = engine.description;
    this.limits = { dtypes: supportedDTypes, maxBytes: engine.maxElements * 4, synchronous: false };
    this.store = new Store(engine, bufferBytes);
    this.host = { backend: this, store: this.store, queue: this.queue, wrap: (spec, residence) => this.wrap(spec, residence) };
  }

  compile(graph: Graph): Executable {
    for (const { spec } of graph.values) checkSpec(spec, this.store.engine.maxElements);
    return new GpuExecutable(graph, this.host);
  }

  upload(spec: TensorSpec, data: TypedArray): Buffer {
    checkSpec(spec, this.store.engine.maxElements);
    const version = new Version(null, rangeOf(spec, data));
    version.host = () => toDevice(spec, data);
    const elements = version.host();
    const verdict = this.store.engine.verdict(() => this.store.put(version, this.store.upload(elements), false));
    this.enqueue(async () => {
      version.error = await verdict;
      await this.store.relieve();
    });
    return this.wrap(spec, new Residence(version, false));
  }

  read(buffer: Buffer): Promise<TypedArray> {
    const residence = residenceOf(buffer, this);
    const { version } = residence;
    const freed = residence.freed;
    const issued = this.queue.add(async () => {
      if (freed) throw new BackendError('internal: gpu: a buffer was read after it had been freed');
      return { elements: this.issueRead(version, residence) };
    });
    const reading = issued.then(({ elements }) => elements).then((elements) => fromDevice(buffer.spec, elements));
    const outcome = reading.catch((error: unknown) => {
      throw asDlError(error);
    });
    outcome.catch(() => {});
    return outcome;
  }

  free(buffer: Buffer): void {
    const residence = residenceOf(buffer, this);
    if (residence.freed) return;
    residence.freed = true;
    this.discard(residence);
  }

  memory(): { readonly live: number; readonly scratch: number; readonly peak: number } {
    const { live, total, peak } = this.store.meter;
    return { live, scratch: total - live, peak };
  }

  /** The copy is issued in turn; the queue does not wait for its arrival. */
  private issueRead(version: Version, residence: Residence): Promise<Elements> {
    if (version.error === null && version.host !== null) return Promise.resolve(version.host());
    const elements = this.store.hold(version, residence);
    const reading = elements.read();
    elements.release();
    reading.catch(() => {});
    return reading;
  }

  private wrap(spec: TensorSpec, residence: Residence): GpuBuffer {
    const buffer = new GpuBuffer(this, spec, residence);
    this.unreachable.register(buffer, residence);
    return buffer;
  }

  /** After everything enqueued so far. */
  private discard(residence: Residence): void {
    this.enqueue(async () => this.store.drop(residence.version));
  }

  private enqueue(job: () => Promise<void>): void {
    this.queue.add(job).catch(() => {});
  }
}
