import type { Residence, Version } from './buffer.ts';
import { DeviceArray, type Engine, Meter } from './engine.ts';
import type { Elements, KernelArgument } from './gpujs.ts';
import type { Program } from './kernels/program.ts';

/** After so many launches, or so many new bytes, the device is given time to take back freed memory. */
const launchesPerPause = 32;
const bytesPerPause = 2 ** 26;

/**
 * The device's memory: what stays from run to run. Beyond a limit, the oldest elements that nothing keeps on the device move to the
 * host, and come back when they are used: the bound does not depend on the collector.
 */
export class Store {
  readonly engine: Engine;
  readonly meter = new Meter();
  private readonly limit: number;
  /** Versions that may be moved, oldest first. */
  private readonly movable = new Set<Version>();
  private movableBytes = 0;
  private launches = 0;
  private newBytes = 0;

  constructor(engine: Engine, limit: number) {
    this.engine = engine;
    this.limit = limit;
  }

  /** Takes host elements to the device. */
  upload(elements: Elements): DeviceArray {
    return new DeviceArray(this.engine.upload(elements.length === 0 ? new Float32Array(1) : elements), elements.length, this.meter);
  }

  /** Runs a program, and now and then waits for the device. */
  async launch(program: Program, size: number, args: readonly KernelArgument[]): Promise<DeviceArray> {
    const array = new DeviceArray(await this.engine.launch(program, size, args), size, this.meter);
    this.launches++;
    this.newBytes += array.bytes;
    if (this.launches >= launchesPerPause || this.newBytes >= bytesPerPause) {
      this.launches = 0;
      this.newBytes = 0;
      await this.engine.settle();
    }
    return array;
  }

  /** Gives a version its elements, and takes over the caller's hold. */
  put(version: Version, elements: DeviceArray, resident: boolean): void {
    version.elements = elements;
    elements.keepInBuffer();
    if (resident) return;
    this.movable.add(version);
    this.movableBytes += elements.bytes;
  }

  /**
   * The elements of a version, held for the caller.
   *
   * @throws whatever made the version fail.
   */
  hold(version: Version, residence: Residence): DeviceArray {
    if (version.error !== null) throw version.error;
    if (version.elements === null && version.host !== null) this.put(version, this.upload(version.host()), residence.resident);
    if (version.elements === null) throw new Error('internal: gpu: a buffer has no elements');
    return version.elements.retain();
  }

  /** Forgets a version's elements. */
  drop(version: Version): void {
    version.host = null;
    this.takeOff(version);
  }

  /** Moves the oldest elements to the host until the rest is within the limit. */
  async relieve(): Promise<void> {
    for (const version of this.movable) {
      if (this.movableBytes <= this.limit) return;
      if (version.host === null) {
        const elements = await (version.elements as DeviceArray).read();
        version.host = () => elements;
      }
      this.takeOff(version);
    }
  }

  private takeOff(version: Version): void {
    const { elements } = version;
    if (elements === null) return;
    version.elements = null;
    if (this.movable.delete(version)) this.movableBytes -= elements.bytes;
    elements.releaseFromBuffer();
  }
}
