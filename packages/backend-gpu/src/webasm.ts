import type { Engine, Handle } from './engine.ts';
import { exactLimit } from './engine.ts';
import type { Elements, GpuJs } from './gpujs.ts';
import { KernelCache } from './kernelCache.ts';

/** The same kernels on the processor: for tests on machines without an adapter. Every call copies its arrays. */
export function openWebAsm(gpujs: GpuJs): Engine {
  const kernels = new KernelCache(new gpujs.GPU({ mode: 'webasm' }), 'webasm', (kernel) => {
    kernel.moduleCacheLimit = 64;
  });
  const pause = pauses();
  return {
    mode: 'webasm',
    description: 'gpu.js, webasm (kernels on the processor, for tests)',
    maxElements: exactLimit,
    upload: (elements) => handleOf(gpujs, elements),
    launch: async (program, size, args) => handleOf(gpujs, (await kernels.run(program, size, args)).result as Elements),
    settle: pause,
    guard: (work) => work(),
    verdict: async (work) => {
      work();
      return null;
    },
  };
}

function handleOf({ input }: GpuJs, elements: Elements): Handle {
  return { argument: input(elements, [elements.length]), read: async () => elements.slice(), free: () => {} };
}

/** Lets a macrotask through when the last one was a while ago. */
function pauses(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 10) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
