import { type Backend, BackendError, type Buffer, DlError, type Executable, type ScalarBlock } from '@dl/tensor';
import type { Graph, OutputBuffer } from '@dl/tensor/internal';
import { type GpuBuffer, Residence, residenceOf, Version } from './buffer.ts';
import { type Plan, planOf } from './plan.ts';
import type { Queue } from './queue.ts';
import { Run } from './run.ts';
import type { Store } from './store.ts';

/** What an executable needs of its backend. */
export interface Host {
  readonly backend: Backend;
  readonly store: Store;
  readonly queue: Queue;
  /** Makes a buffer of this backend. */
  readonly wrap: (spec: OutputBuffer['spec'], residence: Residence) => GpuBuffer;
}

/** An input or an output of one run: a version, and where it lives. */
export interface End {
  readonly residence: Residence;
  readonly version: Version;
}

/** A graph as a list of kernel calls, enqueued run by run. */
export class GpuExecutable implements Executable {
  private readonly graph: Graph;
  private readonly plan: Plan;
  private readonly host: Host;

  constructor(graph: Graph, host: Host) {
    this.graph = graph;
    this.plan = planOf(graph);
    this.host = host;
  }

  run(inputs: readonly Buffer[], scalars: ScalarBlock): { outputs: readonly Buffer[]; done: Promise<void> } {
    const { backend, queue, store, wrap } = this.host;
    const residences = inputs.map((buffer) => residenceOf(buffer, backend));
    const ends = residences.map((residence): End => ({ residence, version: residence.version }));
    const freed = residences.some((residence) => residence.freed);
    const results = this.graph.outputs.map((output): End => resultOf(output, residences));
    const outputs = this.graph.outputs.map(({ spec, donated }, i) =>
      donated === null ? wrap(spec, (results[i] as End).residence) : (inputs[donated] as Buffer),
    );
    const block = scalars.slice();
    const done = queue.add(async () => {
      const run = new Run(store, this.plan, ends, results, block);
      try {
        if (freed) throw new BackendError('internal: gpu: a run was given a buffer that had been freed');
        await run.execute();
      } catch (error) {
        throw run.fail(asDlError(error));
      }
    });
    done.catch(() => {});
    return { outputs, done };
  }

  /** Plans hold no device memory, and kernels belong to all plans. */
  release(): void {}
}

function resultOf({ donated, resident }: OutputBuffer, residences: readonly Residence[]): End {
  const donor = donated === null ? undefined : residences[donated];
  if (donor === undefined) {
    const version = new Version(null, null);
    return { residence: new Residence(version, resident), version };
  }
  donor.resident ||= resident;
  return { residence: donor, version: donor.succeed() };
}

/** What gpu.js and the device throw, as an error of ours. */
export function asDlError(error: unknown): Error {
  if (error instanceof DlError) return error;
  if (/device was lost/.test(String(error))) {
    return new BackendError(
      'gpu: the device was lost, and what it held with it; open the backend anew (await gpu()) and load the state again',
      { cause: error },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new BackendError(message.startsWith('internal: ') ? message : `gpu: ${message}`, { cause: error });
}
