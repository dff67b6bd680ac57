import type { CpuExecutable } from '../executable.ts';

/** Takes the seconds of each step of a run. */
export interface Recorder {
  record(executable: CpuExecutable, times: Float64Array): void;
}

let active: Recorder | null = null;

/** Who listens, if anybody does. */
export function recorder(): Recorder | null {
  return active;
}

/** Sets the listener; returns the one before. */
export function setRecorder(next: Recorder | null): Recorder | null {
  const before = active;
  active = next;
  return before;
}
