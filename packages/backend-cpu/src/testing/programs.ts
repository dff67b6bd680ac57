import type { Engine, LoadedPlan } from '../engine/engine.ts';

/** A plan that copies `floats` floats (a multiple of 16) from input 0 to output 0, `times` over. */
export function copyPlan(engine: Engine, floats: number, times = 1): LoadedPlan {
  const instruction = [engine.kernels.indexOf('peakCopy'), 2, 0, 2, -1, 0, 1, floats / 16, 16];
  return engine.load(Int32Array.from([2, times, 0, 0, 1, 0, ...Array.from({ length: times }, () => instruction).flat()]), 0);
}

/** A plan that multiplies and adds for some `milliseconds` on one thread, and writes 64 floats to output 0. */
export function slowPlan(engine: Engine, milliseconds: number): LoadedPlan {
  const instruction = [engine.kernels.indexOf('peakMultiplyAdd'), 1, 0, 2, -1, 0, 64, 1_000_000];
  return engine.load(Int32Array.from([1, milliseconds, 1, 0, ...Array.from({ length: milliseconds }, () => instruction).flat()]), 0);
}

export const noScalars = new Float64Array(0);
