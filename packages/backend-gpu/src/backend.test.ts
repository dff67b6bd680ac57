import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Backend, BackendError, type Buffer, DTypeError, IndexError, reference, type TensorSpec } from '@dl/tensor';
import { graphOf, type Line, type Root } from '@dl/tensor/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openModes } from './testing/openModes.ts';

const modes = await openModes(process.env.DL_REQUIRE_WEBGPU === '1');

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const int = (...shape: number[]): TensorSpec => ({ shape, dtype: 'int32' });

describe.each(modes)('in mode $mode', ({ mode, open }) => {
  const opening = open();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  afterEach(() => expect(unhandled).toEqual([]));

  /** Runs a program on inputs that are uploaded for it, and reads all its roots. */
  async function results(
    backend: Backend,
    specs: readonly TensorSpec[],
    data: readonly number[][],
    lines: readonly Line[],
    roots: readonly Root[],
    scalars: readonly number[] = [],
  ) {
    const inputs = specs.map((spec, i) => uploaded(backend, spec, data[i] ?? []));
    const { outputs } = backend.compile(graphOf(specs, lines, roots)).run(inputs, Float64Array.from(scalars));
    return Promise.all(outputs.map(async (output) => Array.from(await backend.read(output))));
  }

  it('names itself, its adapter and its limits', async () => {
    const backend = await opening;
    expect(backend.name).toBe('gpu');
    expect(backend.description).toMatch(mode === 'webgpu' ? /^gpu\.js, webgpu: \S+/ : /^gpu\.js, webasm/);
    expect(backend.limits).toEqual({ dtypes: ['float32', 'int32', 'uint8', 'bool'], maxBytes: 2 ** 26, synchronous: false });
  });

  it('loops as long as it must: gpu.js ends a loop after 1000 rounds unless told otherwise', async () => {
    const backend = await opening;
    const ones = new Array<number>(5000).fill(1);
    const [total, product, last, added] = await results(
      backend,
      [float(1, 5000), int(5000)],
      [ones, ones.map(() => 2)],
      [
        ['sum', [0], { dims: [0, 1], keepDim: false }],
        ['matmul', [0, 0], { transposeA: false, transposeB: true }],
        ['cumsum', [0], { dim: 1 }],
        ['reshape', [0], { shape: [5000] }],
        ['full', [], { shape: [3], dtype: 'float32' }, [0]],
        ['indexAdd', [6, 1, 5], { dim: 0 }],
      ],
      [{ value: 2 }, { value: 3 }, { value: 4 }, { value: 7 }],
      [0],
    );
    expect([total, product, last?.at(-1), added]).toEqual([[5000], [5000], 5000, [0, 0, 5000]]);
  });

  it('sums millions of elements to within a few units in the last place', async () => {
    const backend = await opening;
    const data = Array.from({ length: 2 ** 20 }, (_, i) => Math.fround(((i * 7919) % 1000) / 1000));
    const [sum] = await results(backend, [float(2 ** 20)], [data], [['sum', [0], { dims: [0], keepDim: false }]], [{ value: 1 }]);
    const expected = data.reduce((total, x) => total + x, 0);
    expect(Math.abs((sum?.[0] ?? 0) - expected) / expected).toBeLessThan(1e-6);
  });

  it('runs one kernel on more than a hundred shapes', async () => {
    const backend = await opening;
    for (let n = 1; n <= 120; n++) {
      const data = Array.from({ length: n }, (_, i) => i);
      const [sum] = await results(backend, [float(n), float(n)], [data, data], [['add', [0, 1], {}]], [{ value: 2 }]);
      expect(sum).toEqual(data.map((x) => 2 * x));
    }
  });

  it('runs in the order of the calls, awaited or not, and copies the scalars at the call', async () => {
    const backend = await opening;
    const step = backend.compile(
      graphOf(
        [float(2)],
        [
          ['full', [], { shape: [], dtype: 'float32' }, [0]],
          ['add', [0, 1], {}],
        ],
        [{ value: 2, donated: 0, resident: true }],
      ),
    );
    const parameter = uploaded(backend, float(2), [0, 10]);
    const block = new Float64Array(1);
    for (let i = 1; i <= 10; i++) {
      block[0] = i;
      const { outputs } = step.run([parameter], block);
      expect(outputs[0]).toBe(parameter);
    }
    block[0] = 1000;
    expect(Array.from(await backend.read(parameter))).toEqual([55, 65]);
  });

  it('shares what it need not copy, and frees it with its last holder', async () => {
    const backend = await open();
    const { live } = backend.memory();
    const x = uploaded(backend, float(4), [1, 2, 3, 4]);
    const lines: Line[] = [
      ['reshape', [0], { shape: [2, 2] }],
      ['expand', [1], { shape: [2, 2] }],
      ['add', [1, 2], {}],
    ];
    const { outputs, done } = backend.compile(graphOf([float(4)], lines, [{ value: 2 }, { value: 3 }])).run([x], new Float64Array(0));
    await done;
    expect(backend.memory().live - live).toBe(32);
    backend.free(x);
    const [shared, sum] = outputs as [Buffer, Buffer];
    expect(Array.from(await backend.read(shared))).toEqual([1, 2, 3, 4]);
    expect(Array.from(await backend.read(sum))).toEqual([2, 4, 6, 8]);
    backend.free(shared);
    backend.free(sum);
    await settled(backend);
    expect(backend.memory()).toMatchObject({ live, scratch: 0 });
  });

  it('refuses a freed buffer, and frees twice without a word', async () => {
    const backend = await opening;
    const x = uploaded(backend, float(2), [1, 2]);
    const negate = backend.compile(graphOf([float(2)], [['neg', [0], {}]], [{ value: 1 }]));
    const { outputs } = negate.run([x], new Float64Array(0));
    backend.free(x);
    backend.free(x);
    expect(Array.from(await backend.read(outputs[0] as Buffer))).toEqual([-1, -2]);
    await expect(backend.read(x)).rejects.toThrow(/freed/);
    await expect(negate.run([x], new Float64Array(0)).done).rejects.toThrow(/freed/);
  });

  it('refuses what it cannot hold, and the buffers of others', async () => {
    const backend = await opening;
    const doubled: TensorSpec = { shape: [2], dtype: 'float64' };
    expect(() => backend.upload(doubled, new Float64Array(2))).toThrow(DTypeError);
    expect(() => backend.compile(graphOf([float(2)], [['cast', [0], { dtype: 'float64' }]], [{ value: 1 }]))).toThrow(
      /float64 \[2\].*t\.to\('float32'\)/,
    );
    expect(() => backend.compile(graphOf([float(1)], [['expand', [0], { shape: [4097, 4096] }]], [{ value: 1 }]))).toThrow(
      /up to 16777216 elements.*\[4097, 4096\]/,
    );
    expect(() => backend.upload(int(2), Int32Array.of(1, 2 ** 24 + 1))).toThrow(/16777217 in int32 \[2\]/);
    const foreign = reference().upload(float(1), new Float32Array(1));
    expect(() => backend.compile(graphOf([float(1)], [['neg', [0], {}]], [{ value: 1 }])).run([foreign], new Float64Array(0))).toThrow(
      BackendError,
    );
    expect(() => backend.read(foreign)).toThrow(/await t\.to\(backend\)/);
  });

  const gather: Line = ['gather', [0, 2], { dim: 0 }];
  const shift: Line = ['add', [1, 1], {}];

  it('checks indices that it computed itself, and never reads out of range', async () => {
    const backend = await opening;
    const good = await results(
      backend,
      [float(3), int(2)],
      [
        [5, 6, 7],
        [0, 1],
      ],
      [shift, gather],
      [{ value: 3 }],
    );
    expect(good).toEqual([[5, 7]]);
    const bad = results(
      backend,
      [float(3), int(2)],
      [
        [5, 6, 7],
        [1, 2],
      ],
      [shift, gather],
      [{ value: 3 }],
    );
    await expect(bad).rejects.toThrow(new IndexError('gather: index 4 at position 1 is out of range for dim 0 of size 3'));
  });

  it('lets an error poison what depends on it, and nothing else', async () => {
    const backend = await opening;
    const x = uploaded(backend, float(3), [5, 6, 7]);
    const none = new Float64Array(0);
    const failing = backend
      .compile(graphOf([float(3), int(2)], [shift, gather], [{ value: 3 }]))
      .run([x, uploaded(backend, int(2), [1, 2])], none);
    const negate = backend.compile(graphOf([float(2)], [['neg', [0], {}]], [{ value: 1 }]));
    const dependent = negate.run(failing.outputs, none);
    const independent = negate.run([uploaded(backend, float(2), [1, 2])], none);
    await expect(dependent.done).rejects.toThrow(IndexError);
    await expect(failing.done).rejects.toThrow(IndexError);
    await expect(backend.read(dependent.outputs[0] as Buffer)).rejects.toThrow(/index 4 at position 1/);
    expect(Array.from(await backend.read(independent.outputs[0] as Buffer))).toEqual([-1, -2]);
    expect(Array.from(await backend.read(x))).toEqual([5, 6, 7]);
  });

  it('keeps donated state as it was when a step fails, also for steps that were under way', async () => {
    const backend = await opening;
    const none = new Float64Array(0);
    const lines: Line[] = [shift, gather, ['add', [0, 3], {}]];
    const step = backend.compile(graphOf([float(2), int(2)], lines, [{ value: 4, donated: 0, resident: true }]));
    const parameter = uploaded(backend, float(2), [1, 10]);
    const good = uploaded(backend, int(2), [0, 0]);
    await step.run([parameter, good], none).done;
    expect(Array.from(await backend.read(parameter))).toEqual([2, 11]);
    const failing = step.run([parameter, uploaded(backend, int(2), [0, 1])], none);
    const after = step.run([parameter, good], none);
    const reading = backend.read(parameter);
    await expect(failing.done).rejects.toThrow(IndexError);
    await expect(after.done).rejects.toThrow(IndexError);
    await expect(reading).rejects.toThrow(IndexError);
    expect(Array.from(await backend.read(parameter))).toEqual([2, 11]);
    await step.run([parameter, good], none).done;
    expect(Array.from(await backend.read(parameter))).toEqual([4, 13]);
  });

  it('stays flat over 300 runs that make 2 MB each', async () => {
    const backend = await open();
    const size = 2 ** 18;
    const step = backend.compile(
      graphOf(
        [float(size)],
        [
          ['neg', [0], {}],
          ['neg', [1], {}],
        ],
        [{ value: 2, donated: 0, resident: true }],
      ),
    );
    const parameter = backend.upload(float(size), new Float32Array(size).fill(3));
    await step.run([parameter], new Float64Array(0)).done;
    const before = { ...backend.memory(), rss: process.memoryUsage.rss() };
    for (let i = 0; i < 300; i++) await step.run([parameter], new Float64Array(0)).done;
    const after = backend.memory();
    expect(after).toEqual({ live: before.live, scratch: 0, peak: before.peak });
    expect((process.memoryUsage.rss() - before.rss) / 2 ** 20).toBeLessThan(250);
    expect((await backend.read(parameter))[size - 1]).toBe(3);
  }, 120_000);

  it('moves the oldest buffers to the host when there are too many, and brings them back', async () => {
    const backend = await open({ bufferBytes: 4000 });
    const buffers = Array.from({ length: 20 }, (_, i) => uploaded(backend, float(100), new Array<number>(100).fill(i)));
    const resident = backend
      .compile(graphOf([float(100)], [['neg', [0], {}]], [{ value: 1, resident: true }]))
      .run([buffers[5] as Buffer], new Float64Array(0));
    await resident.done;
    await settled(backend);
    expect(backend.memory().live).toBeLessThanOrEqual(4400);
    const firsts = await Promise.all(buffers.map(async (buffer) => (await backend.read(buffer))[0]));
    expect(firsts).toEqual(buffers.map((_, i) => i));
    const { outputs } = backend
      .compile(graphOf([float(100)], [['neg', [0], {}]], [{ value: 1 }]))
      .run([buffers[2] as Buffer], new Float64Array(0));
    expect((await backend.read(outputs[0] as Buffer))[0]).toBe(-2);
  });

  it('frees, as a last resort, what nobody can reach', async () => {
    const backend = await open();
    const { live } = backend.memory();
    const lose = () => void Array.from({ length: 10 }, () => uploaded(backend, float(100), new Array<number>(100).fill(1)));
    lose();
    expect(backend.memory().live - live).toBe(4000);
    for (let i = 0; i < 50 && backend.memory().live > live; i++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(backend.memory().live).toBe(live);
  });

  it('computes on tensors without elements', async () => {
    const backend = await opening;
    const [empty, total, joined] = await results(
      backend,
      [float(0, 3), float(2, 3)],
      [[], [1, 2, 3, 4, 5, 6]],
      [
        ['neg', [0], {}],
        ['sum', [0], { dims: [0], keepDim: false }],
        ['cat', [0, 1], { dim: 0 }],
      ],
      [{ value: 2 }, { value: 3 }, { value: 4 }],
    );
    expect([empty, total, joined]).toEqual([[], [0, 0, 0], [1, 2, 3, 4, 5, 6]]);
  });

  it('fills small tensors and large ones', async () => {
    const backend = await opening;
    const lines: Line[] = [
      ['full', [], { shape: [3], dtype: 'float32' }, [0]],
      ['full', [], { shape: [5000], dtype: 'uint8' }, [1]],
    ];
    const filled = await results(backend, [], [], lines, [{ value: 0 }, { value: 1 }], [Number.POSITIVE_INFINITY, 257]);
    expect(filled).toEqual([new Array<number>(3).fill(Number.POSITIVE_INFINITY), new Array<number>(5000).fill(1)]);
  });

  it('joins more tensors than one kernel can read', async () => {
    const backend = await opening;
    const specs = Array.from({ length: 60 }, (_, i) => float(1, (i % 3) + 1));
    const data = specs.map(({ shape }, i) => new Array<number>(shape[1] ?? 0).fill(i));
    const [joined] = await results(backend, specs, data, [['cat', specs.map((_, i) => i), { dim: 1 }]], [{ value: 60 }]);
    expect(joined).toEqual(data.flat());
  });
});

const collectGarbage = garbageCollector();

/** V8's collector, which tests may call. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function uploaded(backend: Backend, spec: TensorSpec, data: readonly number[]): Buffer {
  return backend.upload(spec, spec.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data));
}

/** Waits for everything enqueued so far. */
async function settled(backend: Backend): Promise<void> {
  const probe = uploaded(backend, float(1), [0]);
  await backend.read(probe);
  backend.free(probe);
  await backend.read(probe).catch(() => {});
}
