import { BackendError } from '@dl/tensor';
import { graphOf } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { loadGpuJs } from './gpujs.ts';
import type { Program } from './kernels/program.ts';
import { openModes } from './testing/openModes.ts';
import { describeAdapter, openWebGpu } from './webgpu.ts';

const modes = (await openModes(process.env.DL_REQUIRE_WEBGPU === '1')).filter(({ mode }) => mode === 'webgpu');

describe.each(modes)('the engine of mode $mode', () => {
  const opening = (async () => {
    const gpujs = await loadGpuJs();
    const { device } = await gpujs.WebGPUContext.acquire();
    return { engine: await openWebGpu(gpujs), device };
  })();

  it('tells of whatever the device refuses, while work goes on or right after', async () => {
    const { engine, device } = await opening;
    const useless = () => void device.createBuffer({ size: 16, usage: 0 });
    await expect(engine.guard(async () => useless())).rejects.toThrow(BackendError);
    await expect(engine.guard(async () => useless())).rejects.toThrow(/^gpu: the device refused: /);
    expect(await engine.verdict(useless)).toBeInstanceOf(BackendError);
    expect(await engine.verdict(() => {})).toBeNull();
    await engine.guard(async () => {});
  });

  it('passes on what work throws, and leaves no scope open', async () => {
    const { engine } = await opening;
    const failing = engine.guard(async () => {
      throw new Error('work');
    });
    await expect(failing).rejects.toThrow('work');
    await engine.guard(async () => {});
  });

  const flags: Program = {
    key: 'test-flags',
    arrays: ['data'],
    integers: [],
    floats: [],
    body: 'const x = data[this.thread.x]; return isNan(x);',
  };

  it('knows a NaN when it sees one: the helper is WGSL of ours, since compilers reason `x !== x` away', async () => {
    const { engine } = await opening;
    const values = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0);
    const result = await engine.launch(flags, values.length, [engine.upload(values).argument]);
    expect(Array.from(await result.read())).toEqual([0, 1, 0, 0, 0]);
  });

  it('reports a kernel that does not translate by its error, and lives on', async () => {
    const { engine } = await opening;
    const broken: Program = { key: 'test-broken', arrays: [], integers: [], floats: [], body: 'return nothingOfTheKind;' };
    await expect(engine.launch(broken, 1, [])).rejects.toThrow();
    const result = await engine.launch(flags, 1, [engine.upload(Float32Array.of(2)).argument]);
    expect(Array.from(await result.read())).toEqual([0]);
  });
});

describe.each(modes)('the backend of mode $mode', ({ open }) => {
  // The last one: every engine of this process has the same device.
  it('says so when the device is lost, and can be opened anew', async () => {
    const backend = await open();
    const x = backend.upload({ shape: [2], dtype: 'float32' }, Float32Array.of(1, 2));
    const negate = backend.compile(graphOf([x.spec], [['neg', [0], {}]], [{ value: 1 }]));
    const none = new Float64Array(0);
    const before = negate.run([x], none);
    await before.done;
    const gpujs = await loadGpuJs();
    (await gpujs.WebGPUContext.acquire()).device.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(negate.run([x], none).done).rejects.toThrow(/^gpu: the device was lost.*await gpu\(\)/);
    for (const output of before.outputs) await expect(backend.read(output)).rejects.toThrow(/the device was lost/);
    const other = await open();
    const y = other.upload({ shape: [2], dtype: 'float32' }, Float32Array.of(3, 4));
    const { outputs } = other.compile(graphOf([y.spec], [['neg', [0], {}]], [{ value: 1 }])).run([y], none);
    for (const output of outputs) expect(Array.from(await other.read(output))).toEqual([-3, -4]);
  });
});

describe('describeAdapter', () => {
  const adapter = { vendor: 'nvidia', architecture: 'hopper', device: '', description: 'driver 580' };

  it('names vendor, architecture and driver', () => {
    expect(describeAdapter(adapter)).toBe('gpu.js, webgpu: nvidia hopper (driver 580)');
  });

  it('says so where the processor plays the GPU', () => {
    expect(describeAdapter({ ...adapter, architecture: 'swiftshader' })).toMatch(/, software$/);
    expect(describeAdapter({ ...adapter, isFallbackAdapter: true })).toMatch(/, software$/);
  });

  it('finds a name for an adapter that hides', () => {
    expect(describeAdapter({ vendor: '', architecture: '', device: '', description: '' })).toBe('gpu.js, webgpu: unnamed adapter');
  });
});
