import { dataSync, type Tensor, tensor, useBackend } from '@dl/tensor';
import { medianSeconds } from './measure.ts';
import { nothingBackend } from './nothingBackend.ts';
import { report } from './report.ts';

/**
 * What it costs to build a graph, and to find and commit its plan again, by node.
 * The budget is 2 µs a node at 1,000 nodes, and linear up to 100,000. The backend computes nothing.
 */
export async function benchGraph(): Promise<void> {
  useBackend(nothingBackend());
  const x = tensor([1, 2, 3, 4]);
  for (const nodes of [100, 1000, 10_000, 100_000]) {
    const build = await medianSeconds(15, () => void grow(x, nodes));
    const whole = await medianSeconds(15, () => void dataSync(grow(x, nodes)));
    report(`graph of ${nodes} nodes`, {
      'build ns/node': (build / nodes) * 1e9,
      'build and plan ns/node': (whole / nodes) * 1e9,
      'budget ns/node': 2000,
    });
  }
}

/** A chain of unary and binary operations; each second one reaches back. */
function grow(x: Tensor, nodes: number): Tensor {
  let last = x;
  for (let i = 0; i < nodes; i += 2) last = last.neg().add(x);
  return last;
}
