import { requiresGrad } from '@dl/autograd';
import { BatchNorm1d, type Buffer, Module } from '@dl/nn';
import { Adam, SGD } from '@dl/optim';
import { adopt, type Backend, ConsumedError, evaluate, GradientError, IndexError, type Tensor, tensor } from '@dl/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import golden from '../fixtures/programs.json' with { type: 'json' };
import { batch, flat, labels, mlp } from './fill.ts';
import { backends, criterion, expectClose, freshBackend, plansOf, train } from './programs.ts';

// The other half of programs.test.ts: exceptions, wrong labels, graphs that nobody evaluates, tensors that are held for long.
describe.each(Object.entries(backends))('programs that fail, hold on or never end, on %s', (_, create) => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await freshBackend(create);
  });

  it('an exception in mid-forward leaves the running statistics as they were, and the next call works', async () => {
    class Fragile extends Module {
      norm = new BatchNorm1d(4);
      fail = false;
      forward(x: Tensor) {
        const y = this.norm(x);
        if (this.fail) throw new Error('in mid-forward');
        return y;
      }
    }
    const model = new Fragile();
    const runningMean = model.norm.runningMean as Buffer;
    model(batch(0));
    const before = [...(await runningMean.data())];
    model.fail = true;
    expect(() => model(batch(1))).toThrow('in mid-forward');
    expect([...(await runningMean.data())]).toEqual(before);
    model.fail = false;
    expect((await model(batch(1)).data()).every(Number.isFinite)).toBe(true);
    expect([...(await runningMean.data())]).not.toEqual(before);
  });

  it('a label out of range rejects the step, changes nothing, and training goes on', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      if (step === 3) {
        const before = await flat(model);
        optimizer.zeroGrad();
        criterion(model(batch(step)), tensor([0, 1, 7, 0, 1, 2], { dtype: 'int32' })).backward();
        await expect(optimizer.step()).rejects.toThrow(IndexError);
        expect(await flat(model)).toEqual(before);
      }
      losses.push(await (await train(model, optimizer, step)).item());
    }
    expectClose(losses, golden.guide_loop.losses);
    expectClose(await flat(model), golden.guide_loop.parameters);
  });

  it('a failure on the device rejects all that was built on it, and the state is the one from before', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    await train(model, optimizer, 0);
    const before = await flat(model);
    const computed = labels(1).add(5);
    optimizer.zeroGrad();
    const loss = criterion(model(batch(1)), computed);
    loss.backward();
    const failed = optimizer.step();
    const meanwhile = backend.limits.synchronous ? loss.item() : model(batch(2)).sum().item();
    await expect(failed).rejects.toThrow(IndexError);
    await expect(meanwhile).rejects.toThrow(IndexError);
    expect(await flat(model)).toEqual(before);
    await train(model, optimizer, 1);
    expectClose([await criterion(model(batch(2)), labels(2)).item()], [golden.guide_loop.losses[2] as number]);
  });

  it('a failed step that nobody awaits is no unhandled rejection', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listen);
    criterion(model(batch(0)), tensor([0, 1, -1, 0, 1, 2], { dtype: 'int32' })).backward();
    void optimizer.step();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('graphs that are never evaluated change nothing', async () => {
    const model = mlp();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      criterion(model(batch(40)), labels(1));
      losses.push(await (await train(model, optimizer, step)).item());
      model(batch(41)).sum();
    }
    expectClose(losses, golden.guide_loop.losses);
  });

  it('tensors held for 1,000 steps keep their values, and hold no graphs', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.01 });
    const losses: Tensor[] = [];
    const x = batch(0);
    const first = model(x);
    for (let step = 0; step < 1000; step++) losses.push(await train(model, optimizer, step % 7));
    const values = await Promise.all(losses.map((loss) => loss.item()));
    expectClose([...(await first.data())], [...(await mlp()(x).data())]);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.max(...losses.map((loss) => loss.value.node.inputs.length))).toBe(0);
  });

  it('a refilled input array does not change tensors made of it, and an adopted one does', async () => {
    const array = new Float32Array([1, 2, 3]);
    const copied = tensor(array);
    const adopted = adopt(new Float32Array([1, 2, 3]), [3]);
    array.fill(9);
    expect([...(await copied.mul(2).data())]).toEqual([2, 4, 6]);
    expect([...(await adopted.mul(2).data())]).toEqual([2, 4, 6]);
  });

  it('200 sequence lengths make 200 plans, once', async () => {
    const weight = requiresGrad(
      tensor([
        [0.1, 0.2],
        [0.3, 0.4],
      ]),
    );
    const epoch = async () => {
      for (let length = 1; length <= 200; length++) {
        const x = tensor(new Float32Array(length * 2).fill(1 / length), { shape: [length, 2] });
        await x.matmul(weight).tanh().sum().item();
      }
    };
    await epoch();
    const before = plansOf(backend);
    await epoch();
    expect(before).toBeLessThanOrEqual(202);
    expect(plansOf(backend)).toBe(before);
  });

  it('an interior value that was not kept can be read until a step replaces its weights, and then says why not', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    // After two steps the parameters are written in place.
    await train(model, optimizer, 0);
    await train(model, optimizer, 1);
    const [weight] = [...model.parameters()] as [Tensor];
    const interior = weight.mul(2);
    const loss = interior.square().sum();
    await loss.item();
    expect((await interior.data()).length).toBe(32);
    const dropped = weight.mul(3);
    const other = dropped.square().sum();
    await other.item();
    await train(model, optimizer, 2);
    await expect(dropped.data()).rejects.toThrow(ConsumedError);
  });

  it('backward through a consumed loss throws and never stops silently', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const loss = await train(model, optimizer, 0);
    expect(() => loss.backward()).toThrow(/consumed by optimizer\.step/);
    expect(() => loss.add(([...model.parameters()][0] as Tensor).sum()).backward()).toThrow(GradientError);
  });

  it('lets timers through while it trains', async () => {
    const model = mlp();
    const optimizer = new SGD(model.parameters(), { lr: 0.01 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const end = performance.now() + 300;
    while (performance.now() < end) await train(model, optimizer, 0);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('evaluates several tensors as one', async () => {
    const model = mlp();
    const outputs = model(batch(0));
    const loss = criterion(outputs, labels(0));
    await evaluate(loss, outputs.argmax({ dim: 1 }));
    expect(loss.value.storage).not.toBeNull();
  });
});
