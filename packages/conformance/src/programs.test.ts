import { gradients, noGrad, requiresGrad } from '@dl/autograd';
import { BatchNorm1d, Buffer, functional, Linear, Module, ReLU, Sequential, Tanh } from '@dl/nn';
import { Adam, SGD } from '@dl/optim';
import { type Backend, cat, GradientError, type Tensor, zeros } from '@dl/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import golden from '../fixtures/programs.json' with { type: 'json' };
import { batch, fill, flat, labels, mlp } from './fill.ts';
import { backends, criterion, expectClose, freshBackend, plansOf, train } from './programs.ts';

// What users write, run as they write it. Numbers are PyTorch's (fixtures/programs.py).
class Cell extends Module {
  linear = new Linear(6, 4);
  forward(x: Tensor, h: Tensor) {
    return this.linear(cat([x, h], { dim: 1 })).tanh();
  }
}

describe.each(Object.entries(backends))('programs on %s', (_, create) => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await freshBackend(create);
  });

  it("the guide's loop gives PyTorch's losses and parameters", async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) losses.push(await (await train(model, optimizer, step)).item());
    expectClose(losses, golden.guide_loop.losses);
    expectClose(await flat(model), golden.guide_loop.parameters);
  });

  it("the guide's loop makes no new plan after its first steps, whatever the learning rate", async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    for (let step = 0; step < 3; step++) await train(model, optimizer, step);
    const before = plansOf(backend);
    for (let step = 3; step < 20; step++) {
      for (const group of optimizer.paramGroups) group.lr = 0.01 / step;
      await (await train(model, optimizer, step)).item();
    }
    expect(plansOf(backend)).toBe(before);
  });

  it('gradients accumulate over microbatches, and four of them make no more plans than two', async () => {
    const run = async (micros: number, steps: number) => {
      const model = mlp();
      const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
      const losses: number[] = [];
      for (let step = 0; step < steps; step++) {
        optimizer.zeroGrad();
        for (let micro = 0; micro < micros; micro++) {
          const loss = criterion(model(batch(micros * step + micro)), labels(micro)).div(micros);
          loss.backward();
          losses.push(await loss.item());
        }
        await optimizer.step();
      }
      return { losses, parameters: await flat(model) };
    };
    const { losses, parameters } = await run(4, 3);
    expectClose(losses, golden.accumulation.losses);
    expectClose(parameters, golden.accumulation.parameters);
    const before = plansOf(backend);
    await run(8, 2);
    expect(plansOf(backend)).toBe(before);
  });

  it('accumulation without reading a loss costs the memory of one microbatch', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      for (let micro = 0; micro < 4; micro++)
        criterion(model(batch(4 * step + micro)), labels(micro))
          .div(4)
          .backward();
      await optimizer.step();
    }
    expectClose(await flat(model), golden.accumulation.parameters);
  });

  it('two optimizers step after one backward', async () => {
    const generator = fill(new Linear(4, 4), 2);
    const critic = fill(new Sequential(new Linear(4, 5), new Tanh(), new Linear(5, 1)), 3);
    const generatorOptimizer = new Adam(generator.parameters(), { lr: 0.02 });
    const criticOptimizer = new SGD(critic.parameters(), { lr: 0.05 });
    const values: number[] = [];
    for (let step = 0; step < 4; step++) {
      generatorOptimizer.zeroGrad();
      criticOptimizer.zeroGrad();
      const score = critic(generator(batch(step))).mean();
      score.backward();
      await generatorOptimizer.step();
      await criticOptimizer.step();
      values.push(await score.item());
    }
    expectClose(values, golden.gan.values);
    expectClose(await flat(generator), golden.gan.generator);
    expectClose(await flat(critic), golden.gan.critic);
  });

  it('metrics on the outputs can be taken after the step, and see the outputs from before it', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.5 });
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      const outputs = model(batch(step));
      const loss = criterion(outputs, labels(step));
      loss.backward();
      await optimizer.step();
      const correct = await outputs.argmax({ dim: 1 }).eq(labels(step)).sum().item();
      expectClose([correct, await outputs.sum().item(), await loss.item()], golden.metrics.correct[step] as number[]);
    }
  });

  it('a loss may be printed before backward', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      optimizer.zeroGrad();
      const loss = criterion(model(batch(step)), labels(step));
      losses.push(await loss.item());
      loss.backward();
      await optimizer.step();
    }
    expectClose(losses, golden.guide_loop.losses);
    expectClose(await flat(model), golden.guide_loop.parameters);
  });

  describe('truncated backpropagation through time', () => {
    const run = async (detach: boolean) => {
      const cell = fill(new Cell(), 1);
      const head = fill(new Linear(4, 3), 2);
      const optimizer = new SGD([...cell.parameters(), ...head.parameters()], { lr: 0.1 });
      let h = zeros([3, 4]);
      const losses: number[] = [];
      for (let chunk = 0; chunk < 4; chunk++) {
        if (detach) h = h.detach();
        let loss: Tensor = zeros([]);
        for (let t = 0; t < 3; t++) {
          h = cell(batch(3 * chunk + t, 3, 2), h);
          loss = loss.add(criterion(head(h), labels(t, 3)));
        }
        optimizer.zeroGrad();
        loss.backward();
        await optimizer.step();
        losses.push(await loss.item());
      }
      return { losses, h: [...(await h.data())] };
    };

    it("with detach gives PyTorch's losses and state", async () => {
      const { losses, h } = await run(true);
      expectClose(losses, golden.truncated.losses);
      expectClose(h, golden.truncated.h);
    });

    it('without detach throws at the second backward, naming the step', async () => {
      await expect(run(false)).rejects.toThrow(GradientError);
      await expect(run(false)).rejects.toThrow(/consumed by optimizer\.step/);
    });
  });

  it('BatchNorm and the weights come out right when no step is awaited', async () => {
    const model = fill(new Sequential(new Linear(4, 5), new BatchNorm1d(5), new ReLU(), new Linear(5, 3)));
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      criterion(model(batch(step)), labels(step)).backward();
      void optimizer.step();
    }
    model.eval();
    const state = model.stateDict();
    expectClose([...(await (state['1.running_mean'] as Tensor).data())], golden.batch_norm.mean);
    expectClose([...(await (state['1.running_var'] as Tensor).data())], golden.batch_norm.variance);
    expect(await (state['1.num_batches_tracked'] as Tensor).item()).toBe(golden.batch_norm.tracked);
    expectClose([...(await model(batch(9)).data())], golden.batch_norm.outputs);
  });

  it('validation inside noGrad between backward and step sees the old weights and changes nothing', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const seen: number[] = [];
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      const loss = criterion(model(batch(step)), labels(step));
      loss.backward();
      const validation = noGrad(() => criterion(model(batch(20)), labels(20)));
      seen.push(await validation.item());
      await optimizer.step();
      seen.push(await loss.item());
    }
    expectClose(seen, golden.validation.seen);
  });

  it('early stop restores the best state dict', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 4 });
    const losses: number[] = [];
    let best = Number.POSITIVE_INFINITY;
    let kept = model.stateDict();
    for (let step = 0; step < 8; step++) {
      const check = await noGrad(() => criterion(model(batch(30)), labels(30))).item();
      losses.push(check);
      if (check < best) {
        best = check;
        kept = model.stateDict();
      }
      await train(model, optimizer, step);
    }
    model.loadStateDict(kept);
    expectClose(losses, golden.early_stop.losses, 1e-4);
    expectClose(await criterion(model(batch(30)), labels(30)).item(), golden.early_stop.restored, 1e-4);
    expectClose(await flat(model), golden.early_stop.parameters, 1e-4);
  });

  it('a learning-rate probe restores the weights', async () => {
    const model = mlp();
    const before = model.stateDict();
    const optimizer = new Adam(model.parameters(), { lr: 1e-4 });
    const losses: number[] = [];
    let lr = 1e-4;
    for (let step = 0; step < 6; step++) {
      for (const group of optimizer.paramGroups) group.lr = lr;
      losses.push(await (await train(model, optimizer, step)).item());
      lr *= 3;
    }
    model.loadStateDict(before);
    expectClose(losses, golden.probe.losses);
    expectClose(await criterion(model(batch(0)), labels(0)).item(), golden.probe.restored);
  });

  it('a moving average by assign follows the weights', async () => {
    const model = mlp();
    const parameters = [...model.parameters()];
    const averages = parameters.map((parameter) => new Buffer(parameter.detach()));
    const optimizer = new SGD(model.parameters(), { lr: 0.3 });
    for (let step = 0; step < 6; step++) {
      await train(model, optimizer, step);
      noGrad(() => {
        for (const [i, average] of averages.entries()) average.assign(average.mul(0.8).add((parameters[i] as Tensor).mul(0.2)));
      });
    }
    const values = await Promise.all(averages.map((average) => average.data()));
    expectClose(
      values.flatMap((array) => [...array]),
      golden.ema.averages,
    );
  });

  it('tied weights get the gradients of both places', async () => {
    class Autoencoder extends Module {
      encoder = new Linear(4, 4, { bias: false });
      forward(x: Tensor) {
        return functional.linear(this.encoder(x).tanh(), this.encoder.weight.t());
      }
    }
    const model = fill(new Autoencoder());
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) {
      const x = batch(step);
      optimizer.zeroGrad();
      const loss = functional.mseLoss(model(x), x);
      loss.backward();
      await optimizer.step();
      losses.push(await loss.item());
    }
    expectClose(losses, golden.tied.losses);
    expectClose(await flat(model), golden.tied.parameters);
  });

  it('frozen layers stay, and learn again when thawed', async () => {
    const model = mlp();
    const first = [...model.parameters()].slice(0, 2);
    for (const parameter of first) parameter.requiresGrad = false;
    const optimizer = new SGD(
      [...model.parameters()].filter((parameter) => parameter.requiresGrad),
      { lr: 0.3 },
    );
    for (let step = 0; step < 4; step++) await train(model, optimizer, step);
    expect(first.map(({ grad }) => grad)).toEqual([null, null]);
    expectClose(await flat(model), golden.frozen.frozen);
    for (const parameter of first) parameter.requiresGrad = true;
    const all = new SGD(model.parameters(), { lr: 0.3 });
    for (let step = 0; step < 2; step++) await train(model, all, step);
    expectClose(await flat(model), golden.frozen.thawed);
  });

  it('second-order gradients are right, step after step', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    for (let step = 0; step < 4; step++) {
      const x = requiresGrad(batch(step));
      const loss = criterion(model(x), labels(step));
      const [g] = gradients(loss, [x], { createGraph: true });
      const penalty = (g as Tensor).square().sum();
      optimizer.zeroGrad();
      loss.add(penalty.mul(10)).backward();
      await optimizer.step();
      expectClose([await loss.item(), await penalty.item()], golden.second_order.penalties[step] as number[]);
    }
    expectClose(await flat(model), golden.second_order.parameters);
  });

  it('a state dict taken while a step is in flight holds what that step makes, and later steps leave it alone', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const snapshots: Tensor[] = [];
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      criterion(model(batch(step)), labels(step)).backward();
      const done = optimizer.step();
      snapshots.push(model.stateDict()['2.bias'] as Tensor);
      await done;
    }
    for (const [step, snapshot] of snapshots.entries()) expectClose([...(await snapshot.data())], golden.snapshot.snaps[step] as number[]);
  });

  it('gradient descent can be written by hand', async () => {
    const model = mlp();
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const loss = criterion(model(batch(step)), labels(step));
      loss.backward();
      losses.push(await loss.item());
      noGrad(() => {
        for (const parameter of model.parameters()) {
          parameter.assign(parameter.sub((parameter.grad as Tensor).mul(0.2)));
          parameter.grad = null;
        }
      });
    }
    expectClose(losses, golden.by_hand.losses);
    expectClose(await flat(model), golden.by_hand.parameters);
  });
});
