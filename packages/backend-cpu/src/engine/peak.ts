import type { Engine, Memory, Peak } from './engine.ts';

const pieces = 64;
const flopsOfPiece = 3 * 2 ** 21;
const floatsOfPiece = 2 ** 18;
const repetitions = 12;

/** Measures what an engine's machine can do, in some 200 ms. */
export function measurePeak(engine: Engine): Peak {
  const sums = engine.allocate(4 * pieces, false);
  const from = engine.allocate(4 * pieces * floatsOfPiece, true);
  const to = engine.allocate(4 * pieces * floatsOfPiece, true);
  // Pages that nobody has written are all the same one.
  engine.view(from).fill(1);
  const seconds = (kernel: string, memories: readonly Memory[], param: number) => bestOf(engine, kernel, memories, param);
  const flopsPerSecond = (pieces * flopsOfPiece) / seconds('peakMultiplyAdd', [sums], flopsOfPiece);
  const bytesPerSecond = (2 * from.bytes) / seconds('peakCopy', [from, to], floatsOfPiece);
  for (const memory of [sums, from, to]) engine.free(memory);
  return { flopsPerSecond, bytesPerSecond };
}

/** The shortest run of a plan of one instruction. */
function bestOf(engine: Engine, kernel: string, memories: readonly Memory[], param: number): number {
  const values = memories.flatMap((_, i) => [1, i]);
  const instruction = [engine.kernels.indexOf(kernel), memories.length, 0, 2, -1, ...memories.keys(), pieces, param];
  const plan = engine.load(Int32Array.of(memories.length, 1, ...values, ...instruction), 0);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repetitions; i++) {
    const times = new Float64Array(1);
    engine.run(plan, [], memories, new Float64Array(0), times);
    best = Math.min(best, times[0] ?? best);
  }
  plan.release();
  return best;
}
