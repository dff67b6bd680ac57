import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { binaryPath, runNode } from '../testing/childProcess.ts';
import { openEngine } from './open.ts';

const { engine } = await openEngine({ engine: 'native' });
const path = JSON.stringify(binaryPath(engine.variant));

/** `copy(n)` copies n floats through a plan of ten instructions; `slow(n)` is a run of some n milliseconds on three threads. */
const preamble = `
  const addon = require(${path});
  const engine = addon.open(3);
  const [copyKernel, sumKernel] = ['peakCopy', 'peakMultiplyAdd'].map((name) => addon.kernels().indexOf(name));
  const planOf = (values, ...instructions) =>
    addon.load(Int32Array.from([values.length / 2, instructions.length, ...values, ...instructions.flat()]), 0);
  const copyPlan = planOf([0, 0, 1, 0], ...Array.from({ length: 10 }, () => [copyKernel, 2, 0, 2, -1, 0, 1, 256, 16]));
  const bytes = (array) => new Uint8Array(array.buffer);
  const copy = (value) => {
    const [from, to] = [new Float32Array(4096).fill(value), new Float32Array(4096)];
    addon.run(engine, copyPlan, [bytes(from)], [bytes(to)], new Float64Array(0), undefined);
    return to.every((element) => element === value);
  };
  const sums = new Uint8Array(256);
  const slow = (milliseconds) => {
    const plan = planOf([1, 0], ...Array.from({ length: milliseconds }, () => [sumKernel, 1, 0, 2, -1, 0, 64, 1000000]));
    return addon.enqueue(engine, plan, [], [sums], new Float64Array(0), undefined);
  };
`;
const module = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

describe('worker threads', () => {
  it('run plans several at once, each with the right results', async () => {
    const code = `${preamble}
      let right = true;
      for (let i = 0; i < 3000; i++) right = copy(i) && right;
      require('node:worker_threads').parentPort.postMessage(right);`;
    const workers = Array.from({ length: 3 }, () => new Worker(code, { eval: true }));
    const messages = await Promise.all(workers.map((worker) => once(worker, 'message')));
    expect(messages).toEqual([[true], [true], [true]]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  it('can be terminated in the middle of a run, and leave the others running', async () => {
    const code = `${preamble}
      for (let i = 0; i < 5; i++) slow(5000);
      require('node:worker_threads').parentPort.postMessage('started');`;
    for (let i = 0; i < 3; i++) {
      const worker = new Worker(code, { eval: true });
      await once(worker, 'message');
      await setTimeout(20 * i);
      const start = performance.now();
      await worker.terminate();
      // The rest of the run would take seconds.
      expect(performance.now() - start).toBeLessThan(4000);
    }
    const after = new Worker(`${preamble} require('node:worker_threads').parentPort.postMessage(copy(1));`, { eval: true });
    expect(await once(after, 'message')).toEqual([true]);
    await after.terminate();
  });
});

describe('a process', () => {
  it('ends when its enqueued runs are done, and not before', async () => {
    const code = `${module}${preamble} slow(50).then(() => console.log('done')); console.log('waiting');`;
    expect(await runNode(code)).toMatchObject({ status: 0, stdout: 'waiting\ndone\n' });
  });

  it('ends at once although helpers sleep', async () => {
    const code = `${module}${preamble} for (let i = 0; i < 100; i++) copy(i); console.log('done');`;
    expect(await runNode(code)).toMatchObject({ status: 0, stdout: 'done\n', stderr: '' });
  });

  it.each([
    ['process.exit(3)', 3],
    ['throw new Error("on purpose")', 1],
  ])('ends cleanly in the middle of a run: %s', async (end, status) => {
    const code = `${module}${preamble} void slow(30000); setTimeout(() => { ${end}; }, 50);`;
    expect(await runNode(code)).toMatchObject({ status, signal: null });
  });

  it('can be killed in the middle of a run', async () => {
    const code = `${module}${preamble} void slow(30000); setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);`;
    expect(await runNode(code)).toMatchObject({ signal: 'SIGTERM' });
  });

  it('ends cleanly when a worker is in the middle of a run', async () => {
    const worker = JSON.stringify(`${preamble} void slow(30000); require('node:worker_threads').parentPort.postMessage(0);`);
    const code = `import { Worker } from 'node:worker_threads';
      new Worker(${worker}, { eval: true, execArgv: [] }).once('message', () => process.exit(4));`;
    expect(await runNode(code)).toMatchObject({ status: 4, signal: null });
  });
});
