import { manualSeed, reference, useBackend } from '@dl/tensor';
import { guideTraining, madeUpBatch } from './network.ts';
import { medianSeconds, report } from './report.ts';

/** Multiply-adds of one step: forward, both gradients of each layer but the first one's input. */
const macs = 64 * (784 * 256 * 2 + 256 * 128 * 3 + 128 * 10 * 3);

/** One training step of the guide's first network, and what an epoch of 938 would take. The budget is 75 s an epoch. */
export async function benchStep(): Promise<void> {
  useBackend(reference());
  manualSeed(0);
  const train = guideTraining();
  const seconds = await medianSeconds(30, async () => void (await (await train(...madeUpBatch())).item()));
  report('step of the first network', {
    ms: seconds * 1e3,
    'epoch s': seconds * 938,
    'budget s': 75,
    'GFLOP/s': (2 * macs) / seconds / 1e9,
  });
}
