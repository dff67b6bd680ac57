import { manualSeed, reference, useBackend } from '@dl/tensor';
import { guideTraining } from './network.ts';
import { report } from './report.ts';

/** Resident memory after step 300 and after step 3,000: nothing is freed by hand, and nothing may pile up (5 %). */
export async function benchMemory(): Promise<void> {
  useBackend(reference());
  manualSeed(0);
  const train = guideTraining();
  const megabytes: number[] = [];
  for (let step = 1; step <= 3000; step++) {
    await (await train()).item();
    if (step === 300 || step === 3000) megabytes.push(process.memoryUsage.rss() / 1e6);
  }
  const [early = Number.NaN, late = Number.NaN] = megabytes;
  report('resident memory', { 'MB at step 300': early, 'MB at step 3000': late, ratio: late / early });
}
