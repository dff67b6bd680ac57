import { profile } from '@dl/backend-cpu';
import { Parameter } from '@dl/nn';
import { Adam } from '@dl/optim';
import { adopt, evaluate, type Tensor, useBackend } from '@dl/tensor';
import { openBackend } from './backends.ts';
import type { Flags } from './flags.ts';
import { median } from './measure.ts';
import { report } from './report.ts';
import { roundTo } from './timing.ts';

/** What the machine can do with so many threads, and how fast large simple plans stream. */
export interface Limits {
  readonly case: 'limits';
  readonly threads: number;
  /** Multiply-adds on registers. */
  readonly gflops: number;
  /** Copies between arrays larger than the caches; the rest as well in GB/s. */
  readonly copy: number;
  readonly elementwise: number;
  readonly reduction: number;
  readonly adam: number;
}

/** 128 MB of float32: larger than caches are. */
const elements = 2 ** 25;

/** Peaks of the machine, and the traffic that elementwise operations, reductions and Adam reach on arrays beyond the caches. */
export async function benchLimits(flags: Flags): Promise<void> {
  for (const threads of flags.threads) {
    useBackend(await openBackend({ ...flags, backend: 'cpu' }, threads));
    const limits = await measureLimits(threads, Math.ceil(flags.runs / 3));
    if (flags.json) console.log(JSON.stringify(limits));
    else print(limits);
  }
}

async function measureLimits(threads: number, runs: number): Promise<Limits> {
  const { peak, speed: reduction } = await traffic(runs, /^sum$/, reductionOf(filled(1)));
  const { speed: elementwise } = await traffic(runs, /^(mul|add)(\+(mul|add))*$/, gradientOf(new Parameter(filled(1)), filled(2)));
  const { speed: adam } = await traffic(runs, /adam/, updateOf(new Parameter(filled(1)), filled(2)));
  const copy = roundTo(peak.bytesPerSecond / 1e9, 2);
  return { case: 'limits', threads, gflops: roundTo(peak.flopsPerSecond / 1e9, 1), copy, elementwise, reduction, adam };
}

function filled(value: number): Tensor {
  return adopt(new Float32Array(elements).fill(value));
}

function reductionOf(x: Tensor): () => Promise<void> {
  return () => evaluate(x.sum());
}

/** `2 p w`, into the memory of the last gradient: fresh memory would cost more than the arithmetic. */
function gradientOf(p: Parameter, w: Tensor): () => Promise<void> {
  const optimizer = new Adam([p]);
  return async () => {
    optimizer.zeroGrad();
    const loss = p.mul(p).mul(w).sum();
    loss.backward();
    // The gradient comes with it; whoever looks at it keeps its memory.
    await evaluate(loss);
  };
}

function updateOf(p: Parameter, w: Tensor): () => Promise<void> {
  const optimizer = new Adam([p]);
  return async () => {
    optimizer.zeroGrad();
    p.mul(w).sum().backward();
    await optimizer.step();
  };
}

/** GB/s of the steps with such names; the median of some runs. */
async function traffic(runs: number, names: RegExp, work: () => Promise<void>) {
  const speeds: number[] = [];
  for (let run = -1; run < runs; run++) {
    const { entries, peak } = await profile(work);
    const found = entries.filter(({ name }) => names.test(name));
    if (run >= 0) speeds.push(total(found, 'bytes') / total(found, 'seconds') / 1e9);
    if (run === runs - 1) return { peak, speed: roundTo(median(speeds), 2) };
  }
  throw new Error('there must be a run');
}

function total(entries: readonly { readonly bytes: number; readonly seconds: number }[], what: 'bytes' | 'seconds'): number {
  return entries.reduce((sum, entry) => sum + entry[what], 0);
}

function print({ threads, gflops, copy, elementwise, reduction, adam }: Limits): void {
  report('limits', { threads, 'GFLOP/s': gflops, 'copy GB/s': copy });
  report('shares of copy', { threads, elementwise: elementwise / copy, reduction: reduction / copy, adam: adam / copy });
}
