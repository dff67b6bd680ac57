import { CrossEntropyLoss, Flatten, Linear, ReLU, Sequential } from '@dl/nn';
import { Adam } from '@dl/optim';
import { adopt, reference, tensor, useBackend } from '@dl/tensor';
import { expect, it } from 'vitest';
import golden from '../fixtures/adam20.json' with { type: 'json' };

/** A 32-bit linear congruential sequence, exact on both sides: (state >> 8) / 2^24. See fixtures/adam20.py. */
function uniform(seed: number, length: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  });
}

it("the guide's network without dropout has PyTorch's parameters after 20 Adam steps", { timeout: 120_000 }, async () => {
  useBackend(reference());
  const model = new Sequential(new Flatten(), new Linear(784, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, 10));
  for (const [k, parameter] of model.parameters().entries()) {
    const bound = parameter.ndim === 2 ? 1 / Math.sqrt(parameter.size(1)) : 0.05;
    const values = Float32Array.from(uniform(k + 1, parameter.numel()), (u) => (u * 2 - 1) * bound);
    parameter.assign(adopt(values, parameter.shape));
  }
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr: 0.001 });
  for (let step = 0; step < 20; step++) {
    const images = Float32Array.from(uniform(100 + step, 64 * 784), (u) => (Math.floor(u * 256) / 255 - 0.1307) / 0.3081);
    const labels = tensor(
      [...uniform(200 + step, 64)].map((u) => Math.floor(u * 10)),
      { dtype: 'int32' },
    );
    optimizer.zeroGrad();
    const loss = criterion(model(adopt(images, [64, 1, 28, 28])), labels);
    loss.backward();
    await optimizer.step();
    expect(relative(await loss.item(), golden.losses[step] as number)).toBeLessThan(1e-5);
  }
  for (const [k, parameter] of model.parameters().entries()) {
    const values = await parameter.data();
    const { every97, sum, sumOfSquares } = golden.parameters[k] as (typeof golden.parameters)[number];
    const sampled = every97.map((_, i) => values[97 * i] as number);
    const differences = every97.map((expected, i) => expected - (sampled[i] as number));
    // Adam divides by the root of squares: where a gradient is all rounding, single elements differ a little more than the whole.
    expect(norm(differences) / norm(every97)).toBeLessThan(1e-5);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(3e-5 * Math.sqrt(sumOfSquares / values.length));
    expect(Math.abs(total(values) - sum) / Math.sqrt(sumOfSquares)).toBeLessThan(1e-4);
    expect(relative(norm(values) ** 2, sumOfSquares)).toBeLessThan(1e-5);
  }
});

function total(values: Iterable<number>): number {
  return [...values].reduce((a, b) => a + b, 0);
}

function norm(values: Iterable<number>): number {
  return Math.sqrt(total([...values].map((x) => x * x)));
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}
