import type { Limits } from '../limits.ts';
import { networkNames, networks } from '../models/index.ts';
import type { Network } from '../models/network.ts';
import { matmulSizes } from '../steps.ts';
import type { Timing } from '../timing.ts';
import type { Results } from './results.ts';

/** One line of the table: what must hold, and what does. */
export interface Row {
  readonly title: string;
  readonly ours: string;
  readonly peer: string;
  /** What is held against the targets. */
  readonly ratio: number | null;
  readonly target: Target;
  /** Milliseconds that the arithmetic takes at the measured peak, and the traffic at the measured bandwidth. */
  readonly floors?: Floors | null;
}

interface Floors {
  readonly arithmetic: number;
  readonly memory: number;
}

/** How good the ratio must be, and should be. */
export interface Target {
  readonly atLeast: number;
  readonly goal: number;
  readonly better: 'less' | 'more';
  readonly unit: '' | '×' | '%' | 's';
}

const less = (atLeast: number, goal: number): Target => ({ atLeast, goal, better: 'less', unit: '' });
const faster = (atLeast: number, goal: number): Target => ({ atLeast, goal, better: 'more', unit: '×' });
const share = (atLeast: number, goal: number): Target => ({ atLeast, goal, better: 'more', unit: '%' });

/** The table of what must hold. */
export function rowsOf(results: Results): readonly Row[] {
  return [
    ...matmulRows(results),
    ...threadsRows(results),
    ...trafficRows(results),
    ...stepRows(results),
    ...wasmRows(results),
    ...jobRows(results),
  ];
}

// ---------------------------------------------------------------------------------------------------------------------

/** Of the products that are held against the peak. */
const largeSizes = matmulSizes.filter((n) => n >= 512);

function matmulRows({ ours, pytorch, limits }: Results): Row[] {
  const peak = limits.find(({ threads }) => threads === 1);
  return largeSizes.map((n) => {
    const [own, peer] = [ours, pytorch].map((timings) => timings.find((timing) => timing.case === `matmul-${n}` && timing.threads === 1));
    return {
      title: `matmul ${n}, one thread, share of peak`,
      ours: own?.gflops === undefined ? '' : `${own.gflops} GFLOP/s`,
      peer: peer?.gflops === undefined ? '' : `${peer.gflops} GFLOP/s`,
      ratio: ratioOf(own?.gflops, peak?.gflops),
      target: share(0.85, 0.92),
      floors: floorsOf({ flops: 2 * n ** 3, bytes: 12 * n ** 2 }, peak),
    };
  });
}

function threadsRows({ ours }: Results): Row[] {
  return largeSizes.map((n) => {
    const [one, two] = [1, 2].map((threads) => ours.find((timing) => timing.case === `matmul-${n}` && timing.threads === threads)?.ms);
    return {
      title: `matmul ${n}, two threads over one`,
      ours: '',
      peer: '',
      ratio: ratioOf(one, two),
      target: faster(1.8, 1.95),
    };
  });
}

function trafficRows({ limits }: Results): Row[] {
  return limits.flatMap(({ threads, copy, ...speeds }) =>
    (['elementwise', 'reduction', 'adam'] as const).map((what) => ({
      title: `${what}, ${threadsOf(threads)}, share of bandwidth`,
      ours: `${speeds[what]} GB/s`,
      peer: `${copy} GB/s (copy)`,
      ratio: speeds[what] / copy,
      target: share(0.75, 0.9),
    })),
  );
}

const trainingTargets = {
  mlp: less(0.5, 0.33),
  cnn: less(0.8, 0.5),
  lstm: less(0.6, 0.4),
  spam: less(0.6, 0.4),
  transformer: less(1, 0.7),
} as const;

function stepRows(results: Results): Row[] {
  const training = networkNames.map((name) => stepRow(results, name, { phase: 'train' }, trainingTargets[name]));
  const inference = [undefined, 1].flatMap((batch) =>
    networkNames.map((name) => stepRow(results, name, { phase: 'infer', ...(batch !== undefined && { batch }) }, less(0.8, 0.4))),
  );
  return [...training, ...inference];
}

type Kind = Pick<Timing, 'phase' | 'batch'>;

function stepRow({ ours, pytorch, limits }: Results, name: keyof typeof networks, kind: Kind, target: Target): Row {
  const network: Network = networks[name];
  const [own, peer] = [ours, pytorch].map((timings) => best(timings, name, kind));
  const peak = limits.find(({ threads }) => threads === own?.threads);
  const what = kind.phase === 'train' ? 'training step' : 'inference';
  return {
    title: `${name}, ${what}, batch ${kind.batch ?? network.batchSize}`,
    ours: shown(own),
    peer: shown(peer),
    ratio: ratioOf(own?.ms, peer?.ms),
    target,
    floors: floorsOf(workOf(network, kind), peak),
  };
}

function wasmRows({ wasm, tfjs }: Results): Row[] {
  const row = (title: string, name: string, kind: Kind, target: Target): Row => {
    const [own, peer] = [wasm, tfjs].map((timings) => best(timings, name, kind));
    return { title, ours: shown(own), peer: shown(peer), ratio: ratioOf(peer?.ms, own?.ms), target };
  };
  return [
    row('WebAssembly, matmul 512, one thread', 'matmul-512', {}, faster(2.5, 4)),
    row('WebAssembly, mlp, training step', 'mlp', { phase: 'train' }, faster(3, 8)),
  ];
}

function jobRows({ job, pytorchJob }: Results): Row[] {
  const seconds = (job: Results['job']) => (job === null ? '' : `${job.seconds.toFixed(1)} s`);
  const megabytes = (job: Results['job']) => (job === null ? '' : `${job.megabytes.toFixed(0)} MB`);
  return [
    {
      title: '`npm run mnist`, five epochs, all included',
      ours: seconds(job),
      peer: seconds(pytorchJob),
      ratio: job?.seconds ?? null,
      target: { atLeast: 10, goal: 5, better: 'less', unit: 's' },
    },
    {
      title: 'its peak resident memory',
      ours: megabytes(job),
      peer: megabytes(pytorchJob),
      ratio: ratioOf(job?.megabytes, pytorchJob?.megabytes),
      target: less(0.7, 0.4),
    },
  ];
}

/** The fastest of all modes and numbers of threads. */
function best(timings: readonly Timing[], name: string, { phase, batch }: Kind): Timing | undefined {
  const found = timings.filter((timing) => timing.case === name && timing.phase === phase && timing.batch === batch);
  return found.toSorted((a, b) => a.ms - b.ms)[0];
}

/** What a step cannot do without: multiply-adds, the parameters, and with Adam their state, there and back. */
function workOf({ macs, unwantedMacs, build, batchSize }: Network, { phase, batch = batchSize }: Kind): { flops: number; bytes: number } {
  const parameters = build()
    .parameters()
    .reduce((sum, parameter) => sum + parameter.numel(), 0);
  if (phase === 'train') return { flops: 2 * batch * (3 * macs - unwantedMacs), bytes: 6 * 4 * parameters };
  return { flops: 2 * batch * macs, bytes: 4 * parameters };
}

function floorsOf({ flops, bytes }: { flops: number; bytes: number }, peak: Limits | undefined): Floors | null {
  if (peak === undefined) return null;
  return { arithmetic: flops / peak.gflops / 1e6, memory: bytes / peak.copy / 1e6 };
}

function shown(timing: Timing | undefined): string {
  if (timing === undefined) return '';
  const { ms, threads, mode } = timing;
  return `${ms >= 10 ? ms.toFixed(1) : ms.toPrecision(3)} ms (${threadsOf(threads)}${mode === undefined ? '' : `, ${mode}`})`;
}

function threadsOf(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}

function ratioOf(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a / b;
}
