import { internalError } from '@dl/tensor/internal';

/** A memory of WebAssembly. `buffer` is another one after `grow`. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of the global: neither Node's types nor TypeScript's own have it without the browser's. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => LinearMemory;
  readonly Global: new (descriptor: { value: 'i32' }) => { readonly value: unknown };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number>>>>,
  ): Promise<{ readonly instance: { readonly exports: object } }>;
};

/** What kernels/wasm.c exports. Addresses are signed: `>>> 0` makes them numbers. */
export interface Exports {
  readonly memory: LinearMemory;
  readonly __heap_base: { readonly value: unknown };
  kernelCount(): number;
  kernelName(kernel: number): number;
  planBytes(program: number, words: number): number;
  planOpen(plan: number, program: number, words: number): void;
  /** Where four int32 stand: how many instructions the plan has, and how many inputs, outputs and scalars a run must bring. */
  planNeeds(plan: number): number;
  /** 1 if the run failed; then the numbers at `report()` say how. */
  run(plan: number, inputs: number, outputs: number, scalars: number, arena: number, times: number): number;
  report(): number;
}

/** The functions of kernels/numbers.h. */
const numbers = {
  ...{ exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, pow: Math.pow },
  ...{ sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan, atan2: Math.atan2 },
  ...{ sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh },
  fmod: (a: number, b: number) => a % b,
};

const host = { now: () => performance.now() / 1000 };

/** Whether WebAssembly here knows all instructions of a module. */
export function isValid(bytes: Uint8Array<ArrayBuffer>): boolean {
  return WebAssembly.validate(bytes);
}

/** Compiles and starts the kernels. */
export async function instantiate(bytes: Uint8Array<ArrayBuffer>): Promise<Exports> {
  const { instance } = await WebAssembly.instantiate(bytes, { numbers, host });
  const exports: unknown = instance.exports;
  if (!isExports(exports)) throw internalError('cpu: the WebAssembly kernels are older than the program; build them again');
  return exports;
}

const functions = ['kernelCount', 'kernelName', 'planBytes', 'planOpen', 'planNeeds', 'run', 'report'] as const;

function isExports(value: unknown): value is Exports {
  const found = new Map<string, unknown>(Object.entries(value ?? {}));
  return (
    functions.every((name) => typeof found.get(name) === 'function') &&
    found.get('memory') instanceof WebAssembly.Memory &&
    found.get('__heap_base') instanceof WebAssembly.Global
  );
}
