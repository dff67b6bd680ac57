import { cpu } from '@dl/backend-cpu';
import { Conv2d, CrossEntropyLoss, Linear, LSTM, MaxPool2d, Module } from '@dl/nn';
import { Adam } from '@dl/optim';
import { manualSeed, type Tensor, tensor, useBackend } from '@dl/tensor';
import { describe, expect, it } from 'vitest';

const criterion = new CrossEntropyLoss();

/** Pictures 8 × 8 of a bar, which stands or lies. */
class BarClassifier extends Module {
  convolution = new Conv2d(1, 6, 3, { padding: 1 });
  pool = new MaxPool2d(2);
  head = new Linear(6 * 4 * 4, 2);
  forward(x: Tensor): Tensor {
    return this.head(this.pool(this.convolution(x).relu()).flatten({ startDim: 1 }));
  }
}

/** Sequences of numbers, of which one near the beginning says which class it is: to be remembered over the noise behind it. */
class Rememberer extends Module {
  lstm = new LSTM(1, 12, { batchFirst: true });
  head = new Linear(12, 2);
  forward(x: Tensor): Tensor {
    const [output] = this.lstm(x);
    return this.head(output.select(1, -1));
  }
}

const pseudo = (i: number): number => ((Math.imul(i + 1, 0x9e3779b1) >>> 8) % 1000) / 1000;

function bars(count: number): readonly [Tensor, Tensor] {
  const data = Float32Array.from({ length: count * 64 }, (_, i) => {
    const picture = Math.floor(i / 64);
    const along = picture % 2 === 0 ? Math.floor(i / 8) % 8 : i % 8;
    return (along === picture % 7 ? 1 : 0) + 0.2 * pseudo(i);
  });
  return [tensor(data).reshape([count, 1, 8, 8]), classesOf(count)];
}

function sequences(count: number, length: number): readonly [Tensor, Tensor] {
  const data = Float32Array.from({ length: count * length }, (_, i) => {
    const [sequence, step] = [Math.floor(i / length), i % length];
    return step === 1 ? (sequence % 2) * 2 - 1 : 0.2 * pseudo(i) - 0.1;
  });
  return [tensor(data).reshape([count, length, 1]), classesOf(count)];
}

const classesOf = (count: number): Tensor => tensor(Int32Array.from({ length: count }, (_, i) => i % 2));

/** The loss before the first and after the last of `steps`. */
async function train(model: BarClassifier | Rememberer, [x, labels]: readonly [Tensor, Tensor], steps: number, lr: number) {
  const optimizer = new Adam(model.parameters(), { lr });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const loss = criterion(model(x), labels);
    loss.backward();
    await optimizer.step();
    losses.push(await loss.item());
  }
  return { first: losses.at(0) ?? 0, last: losses.at(-1) ?? Number.NaN };
}

describe.each(['simd', 'relaxed simd'] as const)('on WebAssembly (%s)', (variant) => {
  it('a convolutional network learns', async () => {
    useBackend(await cpu({ engine: 'wasm', variant }));
    manualSeed(1);
    const { first, last } = await train(new BarClassifier(), bars(32), 40, 0.02);
    expect(first).toBeGreaterThan(0.5);
    expect(last).toBeLessThan(0.1);
  });

  it('an LSTM learns to remember', async () => {
    useBackend(await cpu({ engine: 'wasm', variant }));
    manualSeed(1);
    const { first, last } = await train(new Rememberer(), sequences(32, 10), 60, 0.03);
    expect(first).toBeGreaterThan(0.5);
    expect(last).toBeLessThan(0.1);
  });
});
