import { benchGraph } from './graph.ts';
import { benchMatmul } from './matmul.ts';
import { benchMemory } from './memory.ts';
import { benchStep } from './step.ts';

const benches = { graph: benchGraph, matmul: benchMatmul, step: benchStep, memory: benchMemory } as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(', ')}; choose from ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
