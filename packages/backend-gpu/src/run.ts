import { checkIndices, internalError } from '@dl/tensor/internal';
import type { DeviceArray } from './engine.ts';
import type { End } from './executable.ts';
import type { KernelArgument } from './gpujs.ts';
import type { KernelLaunch } from './kernels/table.ts';
import { type CheckStep, type KernelStep, numberIn, type Plan, type Step } from './plan.ts';
import type { Store } from './store.ts';

/** One run of a plan. */
export class Run {
  private readonly store: Store;
  private readonly plan: Plan;
  private readonly inputs: readonly End[];
  private readonly results: readonly End[];
  private readonly block: Float64Array;
  private readonly slots: (DeviceArray | null)[];
  private readonly flags: { readonly step: CheckStep; readonly counts: DeviceArray; readonly indices: DeviceArray }[] = [];
  /** Result → donated slot, to be replaced as soon as it is written. */
  private readonly donations: ReadonlyMap<number, End>;

  constructor(store: Store, plan: Plan, inputs: readonly End[], results: readonly End[], block: Float64Array) {
    this.store = store;
    this.plan = plan;
    this.inputs = inputs;
    this.results = results;
    this.block = block;
    this.slots = new Array<DeviceArray | null>(plan.slotCount).fill(null);
    this.donations = new Map(results.flatMap((end, i) => (end.version.donor === null ? [] : [[plan.outputs[i] as number, end] as const])));
  }

  /** Runs all steps and fills the results. */
  async execute(): Promise<void> {
    for (const { version } of this.inputs) if (version.error !== null) throw version.error;
    for (const i of this.plan.usedInputs) this.slots[i] = this.holdInput(i);
    await this.store.engine.guard(async () => {
      for (let i = 0; i < this.plan.steps.length; i++) {
        await this.step(this.plan.steps[i] as Step);
        for (const slot of this.plan.dead[i] ?? []) this.letGo(slot);
      }
    });
    this.publish();
    await this.store.relieve();
  }

  /** Gives back what the run holds and marks its results; returns the error. */
  fail(error: Error): Error {
    for (let slot = 0; slot < this.slots.length; slot++) this.letGo(slot);
    this.dropFlags();
    for (const { version } of this.results) {
      version.error = error;
      this.store.drop(version);
      // Its memory was handed on already: what is left is no state to go on from.
      if (version.donor !== null && version.donor.elements === null && version.donor.host === null) version.donor.error ??= error;
    }
    return error;
  }

  private holdInput(index: number): DeviceArray {
    const { version, residence } = this.inputs[index] as End;
    return this.store.hold(version, residence);
  }

  private async step(step: Step): Promise<void> {
    if (step.kind === 'verify') await this.verify();
    else if (step.kind === 'check') await this.check(step);
    else this.write(step.target, step.kind === 'host' ? this.store.upload(step.elements(this.block)) : await this.call(step));
  }

  private call({ launch, arrays, numbers }: KernelStep): Promise<DeviceArray> {
    const args: KernelArgument[] = arrays.map((slot) => this.at(slot).argument);
    for (const number of numbers) args.push(numberIn(number, this.block));
    return this.launch(launch, args);
  }

  private launch({ program, size }: KernelLaunch, args: readonly KernelArgument[]): Promise<DeviceArray> {
    return this.store.launch(program, size, args);
  }

  private at(slot: number): DeviceArray {
    const array = this.slots[slot];
    if (!array) throw new Error(`internal: gpu: slot ${slot} is empty`);
    return array;
  }

  /** A donated result takes its place at once: the old elements go. */
  private write(slot: number, array: DeviceArray): void {
    this.slots[slot] = array;
    const end = this.donations.get(slot);
    if (end === undefined || end.version.donor === null) return;
    this.store.drop(end.version.donor);
    this.store.put(end.version, array.retain(), end.residence.resident);
  }

  private letGo(slot: number): void {
    this.slots[slot]?.release();
    this.slots[slot] = null;
  }

  private publish(): void {
    this.results.forEach(({ version, residence }, i) => {
      const slot = this.plan.outputs[i] as number;
      if (!this.donations.has(slot)) this.store.put(version, this.at(slot).retain(), residence.resident);
      version.donor = null;
    });
    for (let slot = 0; slot < this.slots.length; slot++) this.letGo(slot);
  }

  /** Counts bad indices on the device, unless the host knows that there are none. */
  private async check(step: CheckStep): Promise<void> {
    const { launch, check, indices, source } = step;
    const range = source === null ? null : this.inputs[source]?.version.range;
    if (range && range.least >= 0 && range.greatest < check.limit) return;
    const array = this.at(indices);
    const counts = await this.launch(launch, [array.argument, ...launch.numbers.map((number) => number as number)]);
    this.flags.push({ step, counts, indices: array.retain() });
  }

  private async verify(): Promise<void> {
    const readings = await Promise.all(this.flags.map(({ counts }) => counts.read()));
    const failed = readings.findIndex((counts) => counts.some((count) => count > 0));
    const flag = this.flags[failed];
    if (flag !== undefined) checkIndices(flag.step.primitive, await flag.indices.read(), flag.step.check);
    if (flag !== undefined) throw internalError(`gpu: ${flag.step.primitive} counted bad indices where there are none`);
    this.dropFlags();
  }

  private dropFlags(): void {
    for (const { counts, indices } of this.flags.splice(0)) {
      counts.release();
      indices.release();
    }
  }
}
