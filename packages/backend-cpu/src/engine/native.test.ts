import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { copyPlan, noScalars, slowPlan } from '../testing/programs.ts';
import { Binaries } from './binaries.ts';
import type { LoadedPlan, Memory } from './engine.ts';
import { openEngine } from './open.ts';
import { platformName } from './platformName.ts';

const { engine } = await openEngine({ engine: 'native', threads: 2 });

describe('off the main thread', () => {
  it('runs first in first out, each on the results of those before', async () => {
    const plan = copyPlan(engine, 16);
    const memories = Array.from({ length: 50 }, () => engine.allocate(64, false));
    const first = engine.adopt(new Float32Array(16).fill(7));
    const order: number[] = [];
    const runs = memories.map((memory, i) =>
      enqueue(plan, [memories[i - 1] ?? first], [memory]).then((failure) => {
        order.push(i);
        return failure;
      }),
    );
    expect(await Promise.all(runs)).toEqual(new Array(50).fill(null));
    expect(order).toEqual([...memories.keys()]);
    for (const memory of memories) expect(new Float32Array(engine.view(memory).buffer)[15]).toBe(7);
  });

  it('lets timers fire meanwhile', async () => {
    const plan = slowPlan(engine, 100);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await enqueue(plan, [], [engine.allocate(256, false)]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('finishes before a run on the main thread begins, and when it is drained', async () => {
    const slow = slowPlan(engine, 20);
    const sums = engine.allocate(256, false);
    const running = enqueue(slow, [], [sums]);
    expect(engine.pending).toBe(1);
    engine.run(copyPlan(engine, 16), [sums], [engine.allocate(64, false)], noScalars);
    expect(engine.pending).toBe(0);
    const again = enqueue(slow, [], [sums]);
    engine.drain();
    expect(engine.pending).toBe(0);
    await Promise.all([running, again]);
  });

  it('copies scalars when it is called, and keeps plans and memory until it is done', async () => {
    const plan = slowPlan(engine, 10);
    const input = engine.adopt(new Float32Array(16).fill(9));
    const [middle, output] = [engine.allocate(64, false), engine.allocate(64, false)];
    const copy = copyPlan(engine, 16);
    const runs = [enqueue(plan, [], [engine.allocate(256, false)]), enqueue(copy, [input], [middle]), enqueue(copy, [middle], [output])];
    for (const memory of [input, middle]) engine.free(memory);
    for (const one of [plan, copy]) one.release();
    // Would be written at once, if it got the memory of a run under way.
    const later = engine.adopt(new Float32Array(16).fill(1));
    await Promise.all(runs);
    expect(new Float32Array(engine.view(output).buffer)[0]).toBe(9);
    expect(new Float32Array(engine.view(later).buffer)[0]).toBe(1);
  });

  it('measures each instruction there too', async () => {
    const times = new Float64Array(10);
    await engine.enqueue?.(slowPlan(engine, 10), [], [engine.allocate(256, false)], noScalars, times);
    expect(Math.min(...times)).toBeGreaterThan(0);
  });

  it('leaves memory flat over 10,000 runs', async () => {
    const plan = copyPlan(engine, 16 * 1024);
    const input = engine.adopt(new Float32Array(16 * 1024));
    const steps = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const output = engine.allocate(65536, false);
        const run = enqueue(plan, [input], [output]);
        engine.free(output);
        if (i % 8 === 0) await run;
      }
      engine.drain();
    };
    await steps(2000);
    const before = process.memoryUsage.rss();
    await steps(10_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(96 * 2 ** 20);
  });
});

it('leaves forgotten memory to the collector', async () => {
  for (let i = 0; i < 500; i++) {
    engine.view(engine.allocate(4 * 2 ** 20 + 1, false)).fill(1);
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(process.memoryUsage.rss()).toBeLessThan(1.5 * 2 ** 30);
});

function enqueue(plan: LoadedPlan, inputs: readonly Memory[], outputs: readonly Memory[]) {
  if (engine.enqueue === undefined) throw new Error('a native engine can enqueue');
  return engine.enqueue(plan, inputs, outputs, noScalars);
}

describe('memory', () => {
  it('lies at the start of a cache line where it is large', async () => {
    const addon = (await Binaries.of(await platformName(process))).load(engine.variant, []);
    for (const bytes of [1024, 4000, 2 ** 22]) {
      const view = engine.view(engine.allocate(bytes, false));
      expect(view.byteLength).toBe(bytes);
      expect(addon?.prepare(view)).toBe(0);
    }
  });

  it('comes back when a large result is forgotten', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const { engine: fresh } = await openEngine({ engine: 'native', threads: 1 });
    for (let i = 0; i < 8; i++) fresh.allocate(3_000_001, false);
    // When finalizers run is the runtime's to say.
    await vi.waitFor(
      () => {
        collect();
        expect(fresh.usage().live).toBeGreaterThanOrEqual(3_000_001);
      },
      { timeout: 20_000, interval: 20 },
    );
  }, 30_000);
});
