import { BackendError } from '@dl/tensor';
import type { PrimitiveName } from '@dl/tensor/internal';

import type { Peak } from '../engine/engine.ts';
import type { CpuExecutable } from '../executable.ts';
import { costOf } from '../plan/cost.ts';
import type { Step } from '../plan/steps.ts';
import { formatProfile } from './format.ts';
import { type Recorder, setRecorder } from './recorder.ts';
import { type TraceEvent, writeTrace } from './trace.ts';

/** What the steps of one kind did, all together. */
export interface ProfileEntry {
  /** The primitives that ran as one step, `linear+relu`. */
  readonly name: string;
  readonly calls: number;
  readonly seconds: number;
  /** Additions and multiplications. */
  readonly flops: number;
  /** Read and written. */
  readonly bytes: number;
}

/** Where the time of a function went. */
export interface Profile<R> {
  /** What the function returned. */
  readonly result: R;
  /** Wall-clock time of the function, the program around the plans included. */
  readonly seconds: number;
  /** The longest first. */
  readonly entries: readonly ProfileEntry[];
  /** What this machine can do, measured: the limits that the table's shares refer to. */
  readonly peak: Peak;
  /** A table: time, calls, GFLOP/s, GB/s and their shares of what this machine can do. */
  toString(): string;
  /** Writes all steps in the format of Chrome's trace viewer (chrome://tracing, Perfetto). In Node only. */
  writeTrace(path: string): Promise<void>;
}

/** Runs a function and measures each step of the plans that it runs. They run on the main thread meanwhile. */
export async function measure<R>(run: () => R | Promise<R>): Promise<Profile<R>> {
  const recording = new Recording();
  const before = setRecorder(recording);
  const start = performance.now();
  try {
    const result = await run();
    return recording.profile(result, (performance.now() - start) / 1000);
  } finally {
    setRecorder(before);
  }
}

class Recording implements Recorder {
  private readonly entries = new Map<string, { -readonly [K in keyof ProfileEntry]: ProfileEntry[K] }>();
  private readonly events: TraceEvent[] = [];
  private peak: (() => Peak) | null = null;

  record({ source, steps, backend }: CpuExecutable, times: Float64Array): void {
    this.peak = () => backend.engine.peak();
    const total = times.reduce((sum, seconds) => sum + seconds, 0);
    let start = performance.now() * 1000 - total * 1e6;
    steps.forEach((step, i) => {
      const seconds = times[i] ?? 0;
      const name = nameOf(step, (position) => source.at(position).primitive);
      const { flops, bytes } = costOf(source, step);
      this.add(name, seconds, flops, bytes);
      this.events.push({ name, start, duration: seconds * 1e6, flops, bytes });
      start += seconds * 1e6;
    });
  }

  profile<R>(result: R, seconds: number): Profile<R> {
    if (this.peak === null)
      throw new BackendError('profile: nothing ran on a cpu backend; await what is to be measured inside the function');
    const peak = this.peak();
    const entries = [...this.entries.values()].sort((a, b) => b.seconds - a.seconds);
    return {
      result,
      seconds,
      entries,
      peak,
      toString: () => formatProfile(entries, seconds, peak),
      writeTrace: (path) => writeTrace(path, this.events),
    };
  }

  private add(name: string, seconds: number, flops: number, bytes: number): void {
    const entry = this.entries.get(name) ?? { name, calls: 0, seconds: 0, flops: 0, bytes: 0 };
    entry.calls++;
    entry.seconds += seconds;
    entry.flops += flops;
    entry.bytes += bytes;
    this.entries.set(name, entry);
  }
}

const longestName = 48;

function nameOf({ members }: Step, primitiveAt: (position: number) => PrimitiveName): string {
  const name = members.map(primitiveAt).join('+');
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}
