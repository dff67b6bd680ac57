/**
 * What this package uses of gpu.js 2.24.1, typed by hand: its own declarations lack `Input` seats, `loopMaxIterations`, promises and
 * all of WebGPU. The version is pinned, because `webgpu.ts` relies on members that gpu.js keeps to itself.
 */
export interface GpuJs {
  readonly GPU: new (settings: { readonly mode: GpuMode }) => Gpu;
  /** A flat array with its dimensions: what an `Input` seat takes in mode 'webasm'. */
  readonly input: (data: Elements, size: readonly number[]) => HostInput;
  readonly WebGPUContext: { readonly acquire: () => Promise<WebGpuContext> };
  readonly WebGPUBufferResult: new (settings: {
    readonly buffer: DeviceBuffer;
    readonly output: readonly number[];
    readonly context: WebGpuContext;
    readonly kernel: Kernel;
  }) => BufferResult;
}

/** Elements as the device keeps them, whatever their dtype. */
export type Elements = Float32Array<ArrayBuffer>;

/** 'webgpu' is the real thing; 'webasm' runs the same kernel sources on the processor, for tests without an adapter. */
export type GpuMode = 'webgpu' | 'webasm';

export interface Gpu {
  readonly addFunction: (
    source: string,
    settings: { readonly argumentTypes: Record<string, NumberType>; readonly returnType: NumberType },
  ) => void;
  readonly createKernel: (source: string, settings: KernelSettings) => KernelCall;
}

export type NumberType = 'Float' | 'Integer';

interface KernelSettings {
  readonly output: readonly number[];
  readonly argumentTypes: readonly (NumberType | 'Input')[];
  readonly precision: 'single';
  readonly pipeline: true;
  readonly immutable: true;
  readonly dynamicOutput: true;
  readonly dynamicArguments: true;
  readonly loopMaxIterations: number;
}

/** A kernel as gpu.js hands it out: call it with its arguments. */
export interface KernelCall {
  (...args: readonly KernelArgument[]): unknown;
  readonly setOutput: (output: readonly number[]) => void;
  readonly kernel: Kernel;
}

export type KernelArgument = HostInput | BufferResult | number;

interface HostInput {
  readonly value: Elements;
}

/** The object behind a call. */
export interface Kernel {
  readonly constructor: { readonly mode?: string };
  readonly fallbackReason?: string | null;
  /** 'webasm': how many shapes of one kernel stay compiled. */
  moduleCacheLimit?: number;
  /** 'webgpu': the WGSL of the helper functions, after `translateSource`. */
  translatedFunctions?: string;
  translateSource: () => void;
  /** 'webgpu': the kernel's own hold on its latest output. */
  outputBuffer?: DeviceBuffer | null;
}

/** A result that stays on the device. */
export interface BufferResult {
  readonly buffer: DeviceBuffer;
  readonly toArray: () => Promise<Elements>;
  readonly delete: () => void;
}

interface DeviceBuffer {
  readonly destroy: () => void;
  /** gpu.js counts the holders of a buffer in a member of its own. */
  _refs?: number;
}

export interface WebGpuContext {
  readonly adapter: Adapter;
  readonly device: Device;
}

interface Adapter {
  readonly info: AdapterInfo;
}

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

export interface Device {
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
  readonly queue: {
    readonly writeBuffer: (buffer: DeviceBuffer, offset: number, data: Elements) => void;
    readonly onSubmittedWorkDone: () => Promise<unknown>;
  };
  readonly createBuffer: (settings: { readonly size: number; readonly usage: number }) => DeviceBuffer;
  readonly pushErrorScope: (filter: 'validation' | 'out-of-memory' | 'internal') => void;
  readonly destroy: () => void;
  readonly popErrorScope: () => Promise<{ readonly message: string } | null>;
}

/** gpu.js itself, loaded when it is first wanted: it weighs 640 KB in a browser. */
export async function loadGpuJs(): Promise<GpuJs> {
  const module: unknown = await import('gpu.js');
  return module as GpuJs;
}
