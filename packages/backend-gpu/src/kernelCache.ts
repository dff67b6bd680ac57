import { internalError } from '@dl/tensor/internal';
import type { Gpu, GpuMode, Kernel, KernelArgument, KernelCall } from './gpujs.ts';
import { helpers } from './helpers.ts';
import { type Program, sourceOf, specialValues } from './kernels/program.ts';

interface Built {
  readonly call: KernelCall;
  readonly specials: readonly number[];
}

/** Kernels by the key of their program: each is translated and compiled once, at its first call. */
export class KernelCache {
  private readonly gpu: Gpu;
  private readonly mode: GpuMode;
  private readonly prepare: (kernel: Kernel) => void;
  private readonly kernels = new Map<string, Built>();

  /** `prepare` sees each kernel before its first call. */
  constructor(gpu: Gpu, mode: GpuMode, prepare: (kernel: Kernel) => void) {
    this.gpu = gpu;
    this.mode = mode;
    this.prepare = prepare;
    for (const { source, argumentTypes, returnType } of helpers)
      gpu.addFunction(source, { argumentTypes: { ...argumentTypes }, returnType });
  }

  /** Calls a kernel. The first call of a program builds it, and must have come back before the next is made. */
  async run(
    program: Program,
    size: number,
    args: readonly KernelArgument[],
  ): Promise<{ readonly result: unknown; readonly kernel: Kernel }> {
    const { call, specials } = this.kernels.get(program.key) ?? this.create(program, size);
    call.setOutput([size]);
    const result = await call(...args, ...specials);
    this.checkMode(program, call.kernel);
    return { result, kernel: call.kernel };
  }

  private create(program: Program, size: number): Built {
    const { source, argumentTypes } = sourceOf(program);
    const call = this.gpu.createKernel(source, {
      output: [size],
      argumentTypes,
      precision: 'single',
      pipeline: true,
      immutable: true,
      dynamicOutput: true,
      dynamicArguments: true,
      // Without it every loop with a bound that is an argument ends silently after 1000 rounds.
      loopMaxIterations: 2 ** 30,
    });
    this.prepare(call.kernel);
    const built = { call, specials: specialValues(program) };
    this.kernels.set(program.key, built);
    return built;
  }

  /** gpu.js replaces a kernel that it cannot translate by a slower one with a mere warning. */
  private checkMode({ key }: Program, kernel: Kernel): void {
    const { mode } = kernel.constructor;
    if (mode === this.mode && !kernel.fallbackReason) return;
    throw internalError(`gpu: kernel '${key}' runs in mode '${mode}', not '${this.mode}': ${kernel.fallbackReason ?? 'no reason given'}`);
  }
}
