import { atomicWrite } from '@dl/formats/internal';

/** One step of a run; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly start: number;
  readonly duration: number;
  readonly flops: number;
  readonly bytes: number;
}

/** Writes events as Chrome's trace viewer reads them: complete events (`"ph": "X"`) of one thread. */
export async function writeTrace(path: string, events: readonly TraceEvent[]): Promise<void> {
  const traceEvents = events.map(({ name, start, duration, flops, bytes }) => ({
    name,
    ph: 'X',
    pid: 1,
    tid: 1,
    ts: start,
    dur: duration,
    args: { flops, bytes },
  }));
  await atomicWrite('writeTrace', path, [new TextEncoder().encode(JSON.stringify({ traceEvents, displayTimeUnit: 'ms' }))]);
}
