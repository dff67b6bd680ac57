import { noGrad } from '@dl/autograd';
import { type Backend, evaluate, manualSeed, randn, type Tensor, useBackend } from '@dl/tensor';
import { openBackend } from './backends.ts';
import { type Flags, oneOf } from './flags.ts';
import { medianSeconds } from './measure.ts';
import { type NetworkName, networkNames, networks } from './models/index.ts';
import type { Model, Network } from './models/network.ts';
import { report } from './report.ts';
import { roundTo, type Timing } from './timing.ts';
import { trainingOf } from './training.ts';

/** Square matrix products that are measured. */
export const matmulSizes: readonly number[] = [64, 256, 512, 1024, 2048];

/** A training step and inference of the guide's networks, and matrix products: the shapes and networks of bench/peers/pytorch.py. */
export async function benchSteps(flags: Flags): Promise<void> {
  const known = ['matmul', ...networkNames] as const;
  const names = flags.words.length === 0 ? known : flags.words.map((word) => oneOf('case', word, known));
  for (const threads of flags.threads) {
    const backend = await openBackend(flags, threads);
    useBackend(backend);
    if (threads === flags.threads[0]) announce(backend, flags);
    for (const name of names) {
      const timings = name === 'matmul' ? matmuls(threads, flags.runs) : steps(name, threads, flags.runs);
      for await (const timing of timings) print(timing, flags);
    }
  }
}

async function* matmuls(threads: number, runs: number): AsyncGenerator<Timing> {
  for (const n of matmulSizes) {
    const [a, b] = [randn([n, n]), randn([n, n])];
    await evaluate(a, b);
    const seconds = await medianSeconds(runs, () => evaluate(a.matmul(b)));
    yield { case: `matmul-${n}`, threads, ms: roundTo(seconds * 1e3, 4), gflops: roundTo((2 * n ** 3) / seconds / 1e9, 1) };
  }
}

async function* steps(name: NetworkName, threads: number, runs: number): AsyncGenerator<Timing> {
  manualSeed(0);
  const network: Network = networks[name];
  const model = network.build();
  const [x, labels] = await batchOf(network, network.batchSize);
  const train = trainingOf(model);
  const millis = async (work: () => unknown) => roundTo((await medianSeconds(runs, work)) * 1e3, 4);
  yield { case: name, phase: 'train', threads, ms: await millis(() => train(x, labels)) };
  model.eval();
  yield { case: name, phase: 'infer', threads, ms: await millis(() => infer(model, x)) };
  const [one] = await batchOf(network, 1);
  yield { case: name, phase: 'infer', threads, batch: 1, ms: await millis(() => infer(model, one)) };
}

async function batchOf(network: Network, size: number): Promise<readonly [Tensor, Tensor]> {
  const batch = network.batch(size);
  await evaluate(...batch);
  return batch;
}

function infer(model: Model, x: Tensor): Promise<void> {
  return evaluate(noGrad(() => model(x)));
}

function announce({ name, description }: Backend, { json }: Flags): void {
  console.log(json ? JSON.stringify({ backend: name, description }) : `${name} (${description})`);
}

function print(timing: Timing, { json }: Flags): void {
  if (json) {
    console.log(JSON.stringify(timing));
    return;
  }
  const { case: name, phase = '', threads, batch, ms, gflops } = timing;
  report(`${name} ${phase}${batch === undefined ? '' : ` batch ${batch}`}`, {
    threads,
    ms,
    ...(gflops !== undefined && { 'GFLOP/s': gflops }),
  });
}
