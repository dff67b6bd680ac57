import { ArgumentError, BackendError } from '@dl/tensor';
import { internalError } from '@dl/tensor/internal';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requireAdapter } from './adapter.ts';
import type { Gpu, Kernel, KernelCall } from './gpujs.ts';
import { gpu } from './index.ts';
import { KernelCache } from './kernelCache.ts';
import { Queue } from './queue.ts';

describe('gpu', () => {
  it('refuses modes and limits that are none', async () => {
    await expect(gpu({ mode: 'webgl' as 'webgpu' })).rejects.toThrow(
      new ArgumentError("gpu: mode must be 'webgpu' or 'webasm'; got 'webgl'"),
    );
    await expect(gpu({ mode: 'webasm', bufferBytes: -1 })).rejects.toThrow(ArgumentError);
    await expect(gpu({ mode: 'webasm', bufferBytes: Number.NaN })).rejects.toThrow(/got NaN/);
  });
});

describe('requireAdapter', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('says what to do where WebGPU has no adapter', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
    await expect(requireAdapter()).rejects.toThrow(/there is no adapter.*Install a Vulkan, Metal or Direct3D 12 driver/);
  });

  it('says what to do where WebGPU fails', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('blocked')) } });
    await expect(requireAdapter()).rejects.toThrow(/adapter failed: Error: blocked/);
  });

  it('says what to install where there is no WebGPU', async () => {
    vi.stubGlobal('navigator', {});
    const missing = () => Promise.reject(new Error("Cannot find package 'webgpu'\nat …"));
    await expect(requireAdapter(missing)).rejects.toThrow(/npm install webgpu@0\.6\.2\): Error: Cannot find package 'webgpu'$/);
    await expect(requireAdapter(missing)).rejects.toThrow(BackendError);
  });

  it.each([undefined, { language: 'en' }])('puts Dawn where gpu.js looks for it, beside what is there', async (navigator) => {
    vi.stubGlobal('navigator', navigator);
    const api = { requestAdapter: async () => ({}) };
    await requireAdapter(async () => ({ create: () => api }));
    const scope = globalThis as { navigator?: { gpu?: unknown } };
    expect(scope.navigator?.gpu).toBe(api);
    expect(scope.navigator).toMatchObject(navigator ?? {});
  });
});

describe('KernelCache', () => {
  const program = { key: 'one', arrays: [], integers: [], floats: [], body: 'return 1;' };

  /** A gpu.js that makes kernels of a mode. */
  function fake(mode: string, fallbackReason: string | null = null): { gpu: Gpu; made: () => number } {
    let made = 0;
    const kernel: Kernel = { constructor: { mode }, fallbackReason, translateSource: () => {} };
    const createKernel = (): KernelCall => {
      made++;
      return Object.assign(() => new Float32Array(1), { setOutput: () => {}, kernel });
    };
    return { gpu: { addFunction: () => {}, createKernel }, made: () => made };
  }

  it('builds a program once', async () => {
    const { gpu, made } = fake('webasm');
    const cache = new KernelCache(gpu, 'webasm', () => {});
    await cache.run(program, 1, []);
    await cache.run(program, 2, []);
    expect(made()).toBe(1);
  });

  it('does not let gpu.js put a slower kernel in the place of one that it cannot translate', async () => {
    const fallen = fake('cpu', 'graphical');
    const error = internalError("gpu: kernel 'one' runs in mode 'cpu', not 'webgpu': graphical");
    await expect(new KernelCache(fallen.gpu, 'webgpu', () => {}).run(program, 1, [])).rejects.toThrow(error);
    const other = fake('webasm');
    await expect(new KernelCache(other.gpu, 'webgpu', () => {}).run(program, 1, [])).rejects.toThrow(/no reason given/);
  });
});

describe('Queue', () => {
  it('runs jobs one after the other, whatever becomes of them', async () => {
    const queue = new Queue();
    const seen: string[] = [];
    const first = queue.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push('first');
      throw new Error('first');
    });
    const second = queue.add(async () => void seen.push('second'));
    await expect(first).rejects.toThrow('first');
    await second;
    expect(seen).toEqual(['first', 'second']);
  });
});
