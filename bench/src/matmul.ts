import { dataSync, randn, reference, useBackend } from '@dl/tensor';
import { medianSeconds, report } from './report.ts';

/** The products of the guide's first network, and a large one: GFLOP/s of the reference backend, beside a plain scalar loop's. */
export async function benchMatmul(): Promise<void> {
  useBackend(reference());
  const floor = await scalarGflops();
  report('machine: one multiply-add chain', { 'GFLOP/s': floor });
  for (const [m, k, n] of [
    [64, 784, 256],
    [256, 64, 784],
    [64, 256, 784],
    [512, 512, 512],
  ] as const) {
    const a = randn([m, k]);
    const b = randn([k, n]);
    dataSync(a);
    dataSync(b);
    const seconds = await medianSeconds(15, () => void dataSync(a.matmul(b)));
    const gflops = (2 * m * k * n) / seconds / 1e9;
    report(`matmul ${m} x ${k} x ${n}`, { 'GFLOP/s': gflops, 'of four chains': gflops / (4 * floor) });
  }
}

/** What one dependent chain of double multiply-adds reaches in JavaScript: the latency floor that blocking works around. */
async function scalarGflops(): Promise<number> {
  const steps = 2e7;
  let sink = 0;
  const seconds = await medianSeconds(5, () => {
    let x = 1;
    for (let i = 0; i < steps; i++) x = x * 0.999999 + 0.1;
    sink += x;
  });
  return Number.isFinite(sink) ? (2 * steps) / seconds / 1e9 : 0;
}
