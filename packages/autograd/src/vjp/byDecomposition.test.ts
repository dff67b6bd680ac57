import { debug, type Tensor, tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { afterEach, expect, test } from 'vitest';
import { grad } from '../grad.ts';
import { gradients } from '../gradients.ts';
import { requiresGrad } from '../requiresGrad.ts';
import { unseenUses } from '../testing/unseenUses.ts';

afterEach(() => debug(false));

const softmaxGradient = (g: Tensor, y: Tensor): Tensor => apply('softmaxGradient', [g, y], { dim: 0 }, []);

test('cotangents are those of the formula', async () => {
  const weights = tensor([1, -2]);
  const of = grad(([g, y]: readonly [Tensor, Tensor]) => softmaxGradient(g, y).mul(weights).sum());
  const [toG, toY] = of([tensor([3, 4]), tensor([0.25, 0.75])]);
  // Σ w y (g - s) with s = Σ g y, and Σ w y = -1.25: towards g it is y (w + 1.25), towards y it is w (g - s) + 1.25 g.
  expect(await toG.data()).toEqual(Float32Array.of(0.25 * 2.25, 0.75 * -0.75));
  expect(await toY.data()).toEqual(Float32Array.of(-0.75 + 3.75, -2 * 0.25 + 5));
});

test('what several inputs need is built once', () => {
  const g = requiresGrad(tensor([3, 4]));
  const y = requiresGrad(tensor([0.25, 0.75]));
  const loss = softmaxGradient(g, y).square().sum();
  const roots = [loss, ...gradients(loss, [g, y])];
  expect(unseenUses(roots)).toEqual([]);
  const sums = [...nodesBehind(roots)].filter((name) => name === 'softmaxGradient');
  expect(sums).toHaveLength(1);
});

test('debug mode looks at what is built, not at its draft', async () => {
  debug({ checkNaN: true });
  const of = grad(([g, y]: readonly [Tensor, Tensor]) => softmaxGradient(g, y).sum());
  const [toG] = of([tensor([3, 4]), tensor([0.5, 0.5])]);
  expect(await toG.data()).toEqual(Float32Array.of(0, 0));
});

function nodesBehind(roots: readonly Tensor[]): readonly (string | null)[] {
  const nodes = new Set(roots.map(({ value }) => value.node));
  for (const node of nodes) for (const input of node.inputs) nodes.add(input.node);
  return [...nodes].map(({ primitive }) => primitive);
}
