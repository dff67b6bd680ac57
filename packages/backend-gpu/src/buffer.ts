import type { Backend, Buffer, TensorSpec } from '@dl/tensor';
import { BackendError } from '@dl/tensor';
import type { DeviceArray } from './engine.ts';
import type { Elements } from './gpujs.ts';

/** The least and the greatest of some whole numbers. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/**
 * The elements of a buffer between two updates. A run that is donated a buffer makes a new version of it, which stands from the
 * moment it is enqueued, and falls back to the old one if the run fails.
 */
export class Version {
  /** `null`: not computed yet, moved to the host, handed on to the next version, or freed. */
  elements: DeviceArray | null = null;
  /** The same elements on the host: they came from there, or were moved there to make room. */
  host: (() => Elements) | null = null;
  /** Why the run that should have made it failed. */
  error: Error | null = null;
  /** The version whose memory it takes over; `null` once it has. */
  donor: Version | null;
  /** Of uploaded integers: what index checks look at. */
  readonly range: Range | null;

  constructor(donor: Version | null, range: Range | null) {
    this.donor = donor;
    this.range = range;
  }
}

/** What outlives a buffer object: a finalizer that frees it must not hold it. */
export class Residence {
  freed = false;
  /** Stays on the device however full it is. */
  resident: boolean;
  private latest: Version;

  constructor(version: Version, resident: boolean) {
    this.latest = version;
    this.resident = resident;
  }

  /** The latest version that has not failed; the failed one where there is no older. */
  get version(): Version {
    while (this.latest.error !== null && this.latest.donor !== null) this.latest = this.latest.donor;
    return this.latest;
  }

  /** The version that a run of this moment makes of the present one. */
  succeed(): Version {
    this.latest = new Version(this.version, null);
    return this.latest;
  }
}

/** Elements on the GPU. */
export class GpuBuffer implements Buffer {
  readonly backend: Backend;
  readonly spec: TensorSpec;
  readonly residence: Residence;

  constructor(backend: Backend, spec: TensorSpec, residence: Residence) {
    this.backend = backend;
    this.spec = spec;
    this.residence = residence;
  }
}

/**
 * The residence of a buffer, if it is one of this backend's.
 *
 * @throws BackendError if it is another's.
 */
export function residenceOf(buffer: Buffer, backend: Backend): Residence {
  if (buffer instanceof GpuBuffer && buffer.backend === backend) return buffer.residence;
  throw new BackendError(
    `gpu: got a tensor of ${buffer.backend.name === 'gpu' ? 'another gpu' : `the ${buffer.backend.name}`} backend; bring it here first: await t.to(backend)`,
  );
}
