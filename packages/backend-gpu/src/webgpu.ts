import { BackendError } from '@dl/tensor';
import { type Engine, exactLimit, type Handle } from './engine.ts';
import type { AdapterInfo, BufferResult, Device, Elements, GpuJs, Kernel, WebGpuContext } from './gpujs.ts';
import { helpers } from './helpers.ts';
import { KernelCache } from './kernelCache.ts';

// Everything that reaches past gpu.js's public interface stands in this file: uploads, the device, the kernels' own holds, helper functions in WGSL.

/** gpu.js on a WebGPU device. `navigator.gpu` must be there. */
export async function openWebGpu(gpujs: GpuJs): Promise<Engine> {
  const context = await gpujs.WebGPUContext.acquire();
  const { device } = context;
  const kernels = new KernelCache(new gpujs.GPU({ mode: 'webgpu' }), 'webgpu', useNativeHelpers);
  const anchor = await anchorKernel(kernels);
  return {
    mode: 'webgpu',
    description: describeAdapter(context.adapter.info),
    maxElements: Math.min(exactLimit, Math.floor(Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / 4)),
    upload: (elements) => upload(gpujs, context, anchor, elements),
    launch: async (program, size, args) => {
      const { result, kernel } = await kernels.run(program, size, args);
      letGo(kernel);
      return handleOf(result as BufferResult);
    },
    settle: settling(device),
    guard: (work) => guard(device, work),
    verdict: (work) => verdict(device, work),
  };
}

/** Vendor, architecture and driver as the adapter tells them, and whether the processor plays the GPU. */
export function describeAdapter({ vendor, architecture, device, description, isFallbackAdapter }: AdapterInfo): string {
  const name = [vendor, architecture].filter(Boolean).join(' ') || device || 'unnamed adapter';
  const software =
    isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(`${architecture} ${device} ${description}`);
  return `gpu.js, webgpu: ${name}${description ? ` (${description})` : ''}${software ? ', software' : ''}`;
}

// ---------------------------------------------------------------------------------------------------------------------

/** `GPUBufferUsage`: COPY_SRC, COPY_DST, STORAGE. */
const usage = 0x4 | 0x8 | 0x80;

function upload({ WebGPUBufferResult }: GpuJs, context: WebGpuContext, kernel: Kernel, elements: Elements): Handle {
  const buffer = context.device.createBuffer({ size: elements.byteLength, usage });
  context.device.queue.writeBuffer(buffer, 0, elements);
  const result = new WebGPUBufferResult({ buffer, output: [elements.length], context, kernel });
  return handleOf(result);
}

function handleOf(result: BufferResult): Handle {
  return { argument: result, read: () => result.toArray(), free: () => result.delete() };
}

/** A built kernel that reads back what was uploaded without one. */
async function anchorKernel(kernels: KernelCache): Promise<Kernel> {
  const { result, kernel } = await kernels.run({ key: 'anchor', arrays: [], integers: [], floats: [], body: 'return 0;' }, 1, []);
  (result as BufferResult).delete();
  return kernel;
}

/** A kernel holds its latest output until its next call, perhaps for good: let it hold nothing. */
function letGo(kernel: Kernel): void {
  const { outputBuffer } = kernel;
  if (!outputBuffer) return;
  outputBuffer._refs = (outputBuffer._refs ?? 1) - 1;
  if (outputBuffer._refs === 0) outputBuffer.destroy();
  kernel.outputBuffer = null;
}

/** Puts WGSL in place of translated helpers, where there is some. */
function useNativeHelpers(kernel: Kernel): void {
  const translate = kernel.translateSource.bind(kernel);
  kernel.translateSource = () => {
    translate();
    kernel.translatedFunctions = (kernel.translatedFunctions ?? '')
      .split(/(?=^fn fn_)/m)
      .map(nativeText)
      .join('\n');
  };
}

/** `fn fn_isNan(user_x : f32) -> f32 {…}` with our own body. */
function nativeText(translated: string): string {
  const [head, name] = /^fn fn_(\w+)\([^{]*\{/.exec(translated) ?? [];
  const native = helpers.find((helper) => helper.name === name)?.wgsl;
  return head === undefined || native === undefined || native === null ? translated : `${head}\n  ${native}\n}`;
}

/**
 * Waits for what had been issued at the call before: the device is never idle meanwhile. Freed buffers are destroyed only then,
 * so without it a loop that allocates grows without bound.
 */
function settling({ queue }: Device): () => Promise<void> {
  let issued: Promise<unknown> = Promise.resolve();
  return async () => {
    const before = issued;
    issued = queue.onSubmittedWorkDone();
    issued.catch(() => {});
    await before;
  };
}

const filters = ['validation', 'out-of-memory', 'internal'] as const;

async function guard(device: Device, work: () => Promise<void>): Promise<void> {
  for (const filter of filters) device.pushErrorScope(filter);
  let thrown: { readonly error: unknown } | null = null;
  try {
    await work();
  } catch (error) {
    thrown = { error };
  }
  const fault = await popFaults(device);
  if (thrown !== null) throw thrown.error;
  if (fault !== null) throw fault;
}

function verdict(device: Device, work: () => void): Promise<Error | null> {
  for (const filter of filters) device.pushErrorScope(filter);
  try {
    work();
  } catch (error) {
    void popFaults(device);
    throw error;
  }
  return popFaults(device);
}

/** A device that is lost has nothing more to say: whoever uses it next will be told. */
async function popFaults(device: Device): Promise<Error | null> {
  const faults = await Promise.all(filters.map(() => device.popErrorScope().catch(() => null)));
  const fault = faults.find((found) => found !== null);
  return fault ? new BackendError(`gpu: the device refused: ${fault.message}`) : null;
}
