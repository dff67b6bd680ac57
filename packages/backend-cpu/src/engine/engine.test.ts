import { describe, expect, it } from 'vitest';
import { openEngines } from '../testing/openEngines.ts';
import { copyPlan, noScalars } from '../testing/programs.ts';

const engines = await openEngines();

it('finds native code and WebAssembly on this machine', () => {
  expect(engines.map(({ engine }) => engine.kind)).toEqual(expect.arrayContaining(['native', 'wasm']));
});

describe.each(engines)('the engine $title', ({ engine }) => {
  it('has a function for every kernel', () => {
    expect(engine.kernels.length).toBeGreaterThan(0);
    expect(new Set(engine.kernels).size).toBe(engine.kernels.length);
    engine.kernels.forEach((_, kernel) => {
      engine.load(Int32Array.of(0, 1, kernel, 0, 0, 0, -1), 0).release();
    });
  });

  it('runs a plan on adopted memory, any number of times', () => {
    const plan = copyPlan(engine, 32, 3);
    const output = engine.allocate(128, false);
    for (let i = 0; i < 4; i++) {
      const input = engine.adopt(new Float32Array(32).fill(i));
      expect(engine.run(plan, [input], [output], noScalars)).toBeNull();
      expect(floatsOf(engine.view(output))).toEqual(new Array(32).fill(i));
      engine.free(input);
    }
    plan.release();
    plan.release();
  });

  it('keeps resident memory in place from run to run', () => {
    const plan = copyPlan(engine, 16);
    const [first, second] = [engine.allocate(64, true), engine.allocate(64, true)];
    engine.view(first).set(new Uint8Array(new Float32Array(16).fill(5).buffer));
    engine.run(plan, [first], [second], noScalars);
    engine.view(first).fill(0);
    engine.run(plan, [second], [first], noScalars);
    expect(floatsOf(engine.view(first))).toEqual(new Array(16).fill(5));
  });

  it('writes an input in place that is an output as well', () => {
    const plan = copyPlan(engine, 16);
    const memory = engine.adopt(new Float32Array(16).fill(3));
    for (let i = 0; i < 3; i++) engine.run(plan, [memory], [memory], noScalars);
    expect(floatsOf(engine.view(memory))).toEqual(new Array(16).fill(3));
  });

  it('adds the seconds of each instruction', () => {
    const plan = copyPlan(engine, 16 * 1024, 5);
    const [from, to] = [engine.allocate(65536, false), engine.allocate(65536, false)];
    const times = new Float64Array(5);
    engine.run(plan, [from], [to], noScalars, times);
    const once = [...times];
    expect(Math.min(...once)).toBeGreaterThanOrEqual(0);
    for (let i = 0; i < 200; i++) engine.run(plan, [from], [to], noScalars, times);
    times.forEach((seconds, i) => {
      expect(seconds).toBeGreaterThan(once[i] ?? 0);
    });
  });

  it('refuses words that are no program, and runs that lack memory', () => {
    const plan = copyPlan(engine, 16);
    const memory = engine.allocate(64, false);
    for (const words of [[], [1], [0, 1], [0, 1, 9999, 0, 0, 0, -1], [1, 0, 7, 0], [0, 0, 0], [0, 1, 0, 1, 0, 0, -1, 3]])
      expect(() => engine.load(Int32Array.from(words), 0)).toThrow('internal: ');
    expect(() => engine.run(plan, [], [memory], noScalars)).toThrow('internal: ');
  });

  it('refuses memory that was freed, memory of another engine, and released plans', () => {
    const plan = copyPlan(engine, 16);
    const memory = engine.allocate(64, false);
    engine.free(memory);
    engine.free(memory);
    expect(() => engine.view(memory)).toThrow('internal: ');
    expect(() => engine.view({ bytes: 4 })).toThrow('internal: ');
    plan.release();
    const other = engine.allocate(64, false);
    expect(() => engine.run(plan, [other], [other], noScalars)).toThrow('internal: ');
  });

  it('takes plans without instructions and memory without bytes', () => {
    const nothing = engine.allocate(0, false);
    expect(engine.run(engine.load(Int32Array.of(0, 0), 0), [nothing], [nothing], noScalars)).toBeNull();
    expect(engine.view(nothing).length).toBe(0);
  });

  it('gives scratch memory that reaches as far as the plan needs', () => {
    const instruction = [engine.kernels.indexOf('peakCopy'), 2, 0, 2, -1];
    const far = 3 * 2 ** 20;
    const words = [3, 2, 0, 0, 2, far / 64, 1, 0, ...instruction, 0, 1, 1, 16, ...instruction, 1, 2, 1, 16];
    const plan = engine.load(Int32Array.from(words), far + 64);
    const [input, output] = [engine.adopt(new Float32Array(16).fill(8)), engine.allocate(64, false)];
    engine.run(plan, [input], [output], noScalars);
    expect(floatsOf(engine.view(output))).toEqual(new Array(16).fill(8));
    expect(engine.usage().scratch).toBeGreaterThanOrEqual(far);
    expect(engine.usage().peak).toBeGreaterThanOrEqual(engine.usage().scratch);
  });

  it('leaves memory flat over 10,000 runs', () => {
    const plan = copyPlan(engine, 16 * 1024);
    const input = engine.adopt(new Float32Array(16 * 1024));
    const step = () => {
      const output = engine.allocate(65536, false);
      engine.run(plan, [input], [output], noScalars);
      engine.free(output);
    };
    for (let i = 0; i < 2000; i++) step();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 10_000; i++) step();
    expect(process.memoryUsage.rss() - before).toBeLessThan(96 * 2 ** 20);
  });

  it('measures what the machine can do', () => {
    const { flopsPerSecond, bytesPerSecond } = engine.peak();
    expect(flopsPerSecond).toBeGreaterThan(1e8);
    expect(bytesPerSecond).toBeGreaterThan(1e7);
    expect(engine.peak()).toBe(engine.peak());
  });
});

function floatsOf(bytes: Uint8Array): number[] {
  return [...new Float32Array(bytes.slice().buffer)];
}
