// `npm run bench -- --help` says what there is.
import { type Flags, oneOf, parseFlags } from './flags.ts';
import { benchGraph } from './graph.ts';
import { benchLimits } from './limits.ts';
import { benchMemory } from './memory.ts';
import { benchPeers } from './peers/index.ts';
import { benchSteps } from './steps.ts';

const usage = `usage: npm run bench -- [bench] [case …] [flags]
  peers    (default) @dl beside the peers that are installed here, as a table of ratios; --write writes docs/benchmarks.md
             cases: matmul mlp cnn lstm spam transformer limits wasm mnist
  steps    training and inference of networks, and matrix products          cases: matmul mlp cnn lstm spam transformer
  limits   what this machine can do, and what share of it large simple plans take
  graph    what it costs to build a graph and to find its plan again
  memory   resident memory while the guide's loop runs
flags
  --json                                   one JSON object a line (steps, limits)
  --backend cpu|reference                  (steps, memory)
  --engine native|wasm  --variant <name>   of the cpu backend: avx512, avx2, neon, 'relaxed simd', simd
  --threads <n,…>                          each measured by itself; default 1,2
  --runs <n>                               medians are taken of so many; default 30`;

const benches: Readonly<Record<'peers' | 'steps' | 'limits' | 'graph' | 'memory', (flags: Flags) => Promise<void>>> = {
  peers: benchPeers,
  steps: benchSteps,
  limits: benchLimits,
  graph: benchGraph,
  memory: benchMemory,
};

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(usage);
else await run().catch(fail);

async function run(): Promise<void> {
  const flags = parseFlags(args);
  const [name = 'peers', ...words] = flags.words;
  await benches[oneOf('bench', name, ['peers', 'steps', 'limits', 'graph', 'memory'])]({ ...flags, words });
}

function fail(error: unknown): void {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
