import { arch, cpus, totalmem, type } from 'node:os';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';
import { markdownTable, rowTable } from './table.ts';
import { timingsTable } from './timings.ts';

/** The page docs/benchmarks.md. */
export function pageOf(rows: readonly Row[], results: Results, description: string): string {
  const [{ model = 'unknown' } = {}] = cpus();
  const { pytorch, tfjs } = results.versions;
  const versions = [`Node ${process.versions.node}`, pytorch && `PyTorch ${pytorch}`, tfjs && `TensorFlow.js ${tfjs}`];
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: all figures come from one run on one machine. Do not edit by hand.

- Machine: ${model}, ${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${arch()}
- Backend: ${description}
- ${versions.filter((version) => version).join(', ')}

${markdownTable(rowTable(rows))}

- A **ratio** of times is ours over the peer's, so that less is better; with ×, ours is so many times as fast. Shares are of what this machine was measured to do; the
  bandwidth is that of a copy, bytes read and bytes written, which must fetch what it overwrites: what updates memory in place can be faster.
- The **peer** is PyTorch, and for WebAssembly TensorFlow.js. Of one and two threads, and of PyTorch eager and compiled, each side's best counts. Medians of 30 runs after 5 for warming up, ours and the peer's in turns, one program at a time.
- A **training step** clears gradients, runs forward and backward, steps Adam and reads the loss. **Inference** runs forward without gradients.
- **Arithmetic alone** is what the multiplications and additions take at the peak of the threads that ours used, multiply-adds on registers. **Memory alone** is what reading the parameters once takes, or in training reading and writing
  them and Adam's state, at the bandwidth of a copy beyond the caches; what fits into a cache can be faster. No program can beat the larger of the two by much.
- Networks: \`mlp\` 784-256-128-10 with dropout; \`cnn\` 1-32-64 channels, two pools, two linear layers; \`lstm\` bidirectional, 64-128, 100 tokens; \`spam\` the same with dropout, 161 to 200 tokens, packed; \`transformer\` two encoder layers, 128 vectors of 256, four heads. See \`bench/src/models\`.

## Everything that was timed

Milliseconds; the number in a title is that of the threads.

${markdownTable(timingsTable(results))}

How to run it, and how to install the peers: [bench/peers](../bench/peers/README.md).
`;
}
