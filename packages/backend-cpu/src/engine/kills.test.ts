import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { binaryPath } from '../testing/childProcess.ts';
import { openEngine } from './open.ts';

const { engine } = await openEngine({ engine: 'native' });

/** `run()` keeps three threads busy for good: short plans on this thread, while longer ones wait in the queue. It says `ready` at once. */
const program = `
  const addon = require(${JSON.stringify(binaryPath(engine.variant))});
  const engine = addon.open(3);
  const kernel = addon.kernels().indexOf('peakMultiplyAdd');
  const noScalars = new Float64Array(0);
  const planOf = (count) => addon.load(Int32Array.from([1, count, 1, 0, ...Array.from({ length: count }, () => [kernel, 1, 0, 2, -1, 0, 64, 20000]).flat()]), 0);
  const [short, long] = [planOf(5), planOf(200)];
  const sums = () => new Uint8Array(256);
  const enqueueAgain = (output) => addon.enqueue(engine, long, [], [output], noScalars, undefined).then(() => enqueueAgain(output));
  const runAgain = (output) => {
    addon.run(engine, short, [], [output], noScalars, undefined);
    setImmediate(runAgain, output);
  };
  const run = () => {
    for (let i = 0; i < 3; i++) void enqueueAgain(sums());
    runAgain(sums());
  };
`;
const moments = Array.from({ length: 8 }, (_, i) => (i * 13) % 41);

describe('a process whose threads are at work', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends at any moment on %s', async (signal) => {
    const ends = moments.map(async (moment) => {
      const child = await start(`${program} console.log('ready'); run();`);
      await setTimeout(moment);
      child.kill(signal);
      return endOf(child);
    });
    expect(await Promise.all(ends)).toEqual(moments.map(() => [null, signal]));
  });

  it('exits at any moment, with the status it names', async () => {
    const ends = moments.map(async (moment, i) =>
      endOf(await start(`${program} console.log('ready'); run(); setTimeout(() => process.exit(${i + 2}), ${moment});`)),
    );
    expect(await Promise.all(ends)).toEqual(moments.map((_, i) => [i + 2, null]));
  });

  it('outlives workers that are terminated at any moment, and ends by itself', async () => {
    const worker = JSON.stringify(`${program} require('node:worker_threads').parentPort.postMessage('ready'); run();`);
    const code = `${program}
      const { Worker } = require('node:worker_threads');
      const killOne = async (moment) => {
        const worker = new Worker(${worker}, { eval: true });
        await new Promise((resolve) => worker.once('message', resolve));
        await new Promise((resolve) => setTimeout(resolve, moment));
        await worker.terminate();
      };
      console.log('ready');
      Promise.all(${JSON.stringify(moments)}.map(killOne)).then(() => addon.run(engine, short, [], [sums()], noScalars, undefined));`;
    expect(await endOf(await start(code))).toEqual([0, null]);
  });
});

/** A Node that has said `ready`. */
async function start(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** Its status and signal; it fails if the process hangs, and if anything of it is left. */
async function endOf(child: ChildProcess): Promise<readonly unknown[]> {
  const timer = new AbortController();
  const late = setTimeout(20_000, undefined, { signal: timer.signal }).then(
    () => {
      child.kill('SIGKILL');
      throw new Error('the process hangs');
    },
    () => [],
  );
  const end = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [child.exitCode, child.signalCode];
  const result: readonly unknown[] = await Promise.race([end, late]);
  timer.abort();
  expect(() => process.kill(child.pid ?? 0, 0)).toThrow('ESRCH');
  return result;
}
