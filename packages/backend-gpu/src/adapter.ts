import { BackendError } from '@dl/tensor';

/** The part of `navigator.gpu` that is asked here. */
interface WebGpu {
  readonly requestAdapter: () => Promise<unknown>;
}

/** The part of the package `webgpu` that is used here. */
interface Dawn {
  readonly create: (options: readonly string[]) => WebGpu;
}

/**
 * Makes sure that `navigator.gpu` is there and has an adapter, since that is where gpu.js looks. Outside of browsers it comes from the
 * optional peer package `webgpu` (Dawn), and stays.
 *
 * @throws BackendError that says what is missing and what to install.
 */
export async function requireAdapter(load: () => Promise<Dawn> = importDawn): Promise<void> {
  const gpu = navigatorGpu() ?? (await dawn(load));
  let adapter: unknown;
  try {
    adapter = await gpu.requestAdapter();
  } catch (error) {
    throw new BackendError(`gpu: asking for a WebGPU adapter failed: ${String(error)}`, { cause: error });
  }
  if (adapter) return;
  throw new BackendError(
    'gpu: WebGPU is here, but there is no adapter: no GPU, or no driver for it. Install a Vulkan, Metal or Direct3D 12 driver ' +
      '(in a browser: switch WebGPU on), or choose another backend',
  );
}

function navigatorGpu(): WebGpu | null {
  const { navigator } = globalThis as { navigator?: { gpu?: WebGpu } };
  return navigator?.gpu ?? null;
}

/** Puts Dawn where a browser has its `navigator.gpu`. */
async function dawn(load: () => Promise<Dawn>): Promise<WebGpu> {
  const gpu = (await loaded(load)).create([]);
  const scope = globalThis as { navigator?: object };
  if (scope.navigator === undefined) Object.defineProperty(scope, 'navigator', { value: { gpu }, configurable: true, writable: true });
  else Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

async function loaded(load: () => Promise<Dawn>): Promise<Dawn> {
  try {
    return await load();
  } catch (error) {
    throw new BackendError(
      `gpu: there is no navigator.gpu, and the package 'webgpu' could not be loaded (npm install webgpu@0.6.2): ${firstLine(error)}`,
      {
        cause: error,
      },
    );
  }
}

async function importDawn(): Promise<Dawn> {
  // Not a literal: a bundler for browsers would look for a package that they do not need.
  const name: string = 'webgpu';
  const module: unknown = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return module as Dawn;
}

function firstLine(error: unknown): string {
  return String(error).split('\n')[0] ?? '';
}
