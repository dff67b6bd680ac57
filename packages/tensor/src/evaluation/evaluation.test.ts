import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend.ts';
import { BackendError, IndexError, ShapeError } from '../errors.ts';
import type { Storage } from '../graph/node.ts';
import { tie } from '../graph/node.ts';
import { planCacheOf } from '../graph/planCache.ts';
import {
  adopt,
  arange,
  assign,
  debug,
  dropout,
  evaluate,
  full,
  manualSeed,
  ones,
  pow,
  reference,
  type Tensor,
  tensor,
  useBackend,
  zeros,
} from '../index.ts';
import { deferred } from '../testing/deferredBackend.ts';
import { drainRuns } from './runs.ts';
import { claimGradient, releaseGradient, replace, stateTensor, withCallFrame } from './state.ts';

let backend: Backend;
beforeEach(() => {
  backend = reference({ poison: true });
  useBackend(backend);
});

function plans(): number {
  return planCacheOf(backend).size;
}

async function newPlans(run: () => Promise<unknown>): Promise<number> {
  const before = plans();
  await run();
  return plans() - before;
}

describe('reading', () => {
  it('gives a copy: what is done to it does not reach the tensor', async () => {
    const x = tensor([1, 2]);
    (await x.data()).fill(9);
    expect([...(await x.data())]).toEqual([1, 2]);
  });

  it('nests as deep as the shape', async () => {
    expect(await arange(6).reshape([1, 2, 3]).tolist()).toEqual([
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ]);
    expect(await tensor(7).tolist()).toBe(7);
    expect(await zeros([2, 0]).tolist()).toEqual([[], []]);
  });

  it('item refuses what has not one element, naming the shape', async () => {
    await expect(zeros([2]).item()).rejects.toThrow(
      new ShapeError('item: the tensor must have one element; got shape [2]. Use data() or tolist()'),
    );
    expect(() => zeros([0]).itemSync()).toThrow(ShapeError);
  });

  it('works at once where the backend can, and else says what to write instead', () => {
    expect(tensor([1, 2]).sum().itemSync()).toBe(3);
    useBackend(deferred(backend));
    expect(() => tensor([1]).itemSync()).toThrow(/asynchronous and cannot be read at once; use await t\.data\(\)/);
  });

  it('refuses tensors of two backends, and says how to bring them together', async () => {
    const here = ones([2]);
    await evaluate(here);
    useBackend(reference());
    const there = tensor([1, 2]);
    await expect(here.add(there).data()).rejects.toThrow(BackendError);
  });
});

describe('graphs', () => {
  it('10,000 nodes deep are evaluated without recursion', async () => {
    let x: Tensor = tensor([1]);
    for (let i = 0; i < 10_000; i++) x = x.add(1);
    expect(await x.item()).toBe(10_001);
  });

  it('that share a part compute it once in one evaluation', async () => {
    const shared = tensor([1, 2]).exp();
    await evaluate(shared.add(1), shared.mul(2));
    expect(shared.value.storage).toBeNull();
    expect(shared.value.node.settled).toBe(true);
  });

  it('somebody outside will need keep the value that is shared', async () => {
    const shared = tensor([1, 2]).exp();
    const later = shared.mul(2);
    await shared.add(1).data();
    expect(shared.value.storage).not.toBeNull();
    expect([...(await later.data())]).toEqual([Math.fround(Math.fround(Math.E) * 2), Math.fround(Math.fround(Math.E ** 2) * 2)]);
  });

  it('tied together are computed together', async () => {
    const x = tensor([1, 2]);
    const a = x.add(1);
    const b = x.add(2);
    tie([a.value, b.value]);
    await a.data();
    expect(b.value.storage).not.toBeNull();
  });

  it('with a random part give the same numbers whenever they are computed', async () => {
    manualSeed(1);
    const x = dropout(ones([100]), { p: 0.5 });
    const first = await x.add(0).data();
    expect(await x.add(0).data()).toEqual(first);
    expect(await x.data()).toEqual(first);
  });
});

describe('a plan', () => {
  it('is found again whatever numbers stand beside tensors, starts of slices, rates and seeds', async () => {
    const x = tensor([1, 2, 3, 4]);
    const programs: ((i: number) => Tensor)[] = [
      (i) => x.mul(i + 0.5),
      (i) => x.narrow(0, i, 2),
      (i) => dropout(x, { p: i / 4 }),
      (i) => full([2], i).add(tensor([i, 1])),
    ];
    for (const program of programs) {
      await program(0).data();
      const made = await newPlans(async () => {
        for (let i = 1; i < 3; i++) await program(i).data();
      });
      expect(made).toBe(0);
    }
  });

  it('is specialised where the number decides what to compute', async () => {
    const x = tensor([4]);
    expect(await pow(x, 2).item()).toBe(16);
    expect(await newPlans(() => pow(x, 0.5).item())).toBe(1);
  });

  it('is another one for another shape, dtype, or pair of equal leaves', async () => {
    const a = tensor([1, 2]);
    await a.add(a).data();
    expect(await newPlans(() => a.add(tensor([1, 2])).data())).toBe(1);
    expect(
      await newPlans(() =>
        tensor([1])
          .add(tensor([2]))
          .data(),
      ),
    ).toBe(1);
    expect(
      await newPlans(() =>
        tensor([1, 2], { dtype: 'int32' })
          .add(tensor([1, 2], { dtype: 'int32' }))
          .data(),
      ),
    ).toBe(1);
  });

  it('needs no memory for what a common subexpression has replaced', async () => {
    useBackend(reference());
    const x = tensor([1, 2]);
    expect(await Promise.all([x.add(x), x.add(x)].map((sum) => sum.tolist()))).toEqual([
      [2, 4],
      [2, 4],
    ]);
    const [first, second] = [x.mul(x), x.mul(x)];
    await evaluate(first, second);
    expect(await second.tolist()).toEqual([1, 4]);
  });

  it('does not change bits when more is asked for', async () => {
    const x = tensor(Float32Array.from({ length: 999 }, (_, i) => Math.sin(i)));
    const alone = await x.exp().sum().item();
    const exps = x.exp();
    const sum = exps.sum();
    await evaluate(sum, exps, exps.mul(2));
    expect(await sum.item()).toBe(alone);
  });
});

describe('assigned state', () => {
  it('has the new value at once, and PyTorch-like views of the old one keep it', async () => {
    const state = stateTensor(zeros([2]));
    const before = state.add(1);
    assign(state, state.add(5));
    expect(await state.tolist()).toEqual([5, 5]);
    expect(await before.tolist()).toEqual([1, 1]);
  });

  it('rides with the next step', async () => {
    const average = stateTensor(zeros([2]));
    const weight = stateTensor(ones([2]));
    assign(average, average.add(weight));
    await replace([{ target: weight, next: weight.mul(2) }]);
    expect(average.value.storage).not.toBeNull();
    expect(await average.tolist()).toEqual([1, 1]);
    expect(await weight.tolist()).toEqual([2, 2]);
  });

  it('is evaluated without being asked after 16 assignments, so that no graph grows for ever', () => {
    const state = stateTensor(zeros([2]));
    for (let i = 0; i < 16; i++) assign(state, state.add(1));
    expect(state.value.storage).not.toBeNull();
    expect([...state.dataSync()]).toEqual([16, 16]);
  });

  it('on another backend is not in the way of a step', async () => {
    const stranger = stateTensor(tensor([1]));
    assign(stranger, stranger.add(1));
    useBackend(reference());
    const weight = stateTensor(tensor([3]));
    await replace([{ target: weight, next: weight.sub(1) }]);
    expect(await weight.item()).toBe(2);
    expect(await stranger.item()).toBe(2);
  });

  it('is as before when the outermost call throws', async () => {
    const state = stateTensor(zeros([1]));
    const fail = () =>
      withCallFrame(() =>
        withCallFrame(() => {
          assign(state, state.add(1));
          throw new Error('late');
        }),
      );
    expect(fail).toThrow('late');
    expect(await state.item()).toBe(0);
  });

  it('counts only in a synchronous call', () => {
    expect(() => withCallFrame(async () => 1)).toThrow(/must be synchronous/);
  });
});

describe('a step', () => {
  it('writes in place from the second time on, and never where a view can see it', async () => {
    const weight = stateTensor(ones([4]));
    const step = () => replace([{ target: weight, next: weight.sub(1) }]);
    await step();
    const { buffer } = weight.value.storage as Storage;
    const view = weight.reshape([2, 2]);
    await step();
    expect(weight.value.storage?.buffer).not.toBe(buffer);
    expect(await view.tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const settled = weight.value.storage?.buffer;
    await step();
    expect(weight.value.storage?.buffer).toBe(settled);
    expect(await weight.tolist()).toEqual([-2, -2, -2, -2]);
  });

  it('that fails changes nothing and says why', async () => {
    const weight = stateTensor(ones([2]));
    const picked = weight.gather(0, tensor([5, 0], { dtype: 'int32' }));
    const onFailure = vi.fn();
    await expect(replace([{ target: weight, next: weight.sub(picked) }], { onFailure })).rejects.toThrow(IndexError);
    expect(onFailure).toHaveBeenCalledOnce();
    expect(await weight.tolist()).toEqual([1, 1]);
  });

  it('reads parameters of other steps as they were when it was called', async () => {
    useBackend(deferred(backend));
    const weight = stateTensor(tensor([1]));
    const reads: Promise<number>[] = [];
    for (let i = 0; i < 5; i++) {
      reads.push(weight.item());
      void replace([{ target: weight, next: weight.mul(2) }]);
    }
    expect(await Promise.all(reads)).toEqual([1, 2, 4, 8, 16]);
    expect(await weight.item()).toBe(32);
  });

  it('can be waited for until few are in flight', async () => {
    useBackend(deferred(backend));
    const weight = stateTensor(tensor([1]));
    let done = 0;
    for (let i = 0; i < 12; i++) void replace([{ target: weight, next: weight.add(1) }]).then(() => done++);
    await drainRuns(8);
    expect(done).toBeGreaterThanOrEqual(3);
    await drainRuns(0);
    expect(await weight.item()).toBe(13);
  });
});

describe('the memory of a gradient', () => {
  it('is used again after it is dropped, if nobody else can reach it', async () => {
    const weight = stateTensor(ones([1000]));
    const gradient = ones([1000]).mul(2);
    claimGradient(weight, gradient);
    await evaluate(gradient);
    releaseGradient(weight);
    expect(weight.grad).toBeNull();
    expect(backend.memory().live).toBe(4000);
    await evaluate(ones([1000]).mul(3));
    expect(backend.memory().live).toBe(0);
  });

  it('stays when user code has seen it, or two leaves have it', async () => {
    const a = stateTensor(ones([3]));
    const b = stateTensor(ones([3]));
    const gradient = ones([3]).mul(2);
    claimGradient(a, gradient);
    claimGradient(b, gradient);
    await evaluate(gradient);
    releaseGradient(a);
    const seen = b.grad;
    releaseGradient(b);
    expect(await seen?.tolist()).toEqual([2, 2, 2]);
  });
});

describe('debugging', () => {
  it('stops at the operation that makes the first NaN and names it', () => {
    debug({ checkNaN: true });
    try {
      const x = tensor([-1, 4]);
      expect(() => x.log().sum()).toThrow(/^log: made a NaN in a float32 tensor of shape \[2\]/);
      expect(() => tensor([Number.NaN]).add(1)).not.toThrow();
    } finally {
      debug(false);
    }
  });

  it('evaluates each operation as it is called', () => {
    debug({ eager: true, checkNaN: false });
    try {
      expect(tensor([1]).add(1).value.storage).not.toBeNull();
      expect(() => tensor([1, 2]).gather(0, tensor([3], { dtype: 'int32' }))).toThrow(IndexError);
    } finally {
      debug(false);
    }
    expect(tensor([1]).add(1).value.storage).toBeNull();
  });

  it('warns once when a call site makes more than 32 plans', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    debug({ eager: false, checkNaN: false });
    try {
      for (let length = 1; length <= 40; length++) await adopt(new Float32Array(length)).add(1).data();
    } finally {
      debug(false);
    }
    expect(warn.mock.calls.filter(([text]) => String(text).includes('more than 32 plans')).length).toBe(1);
    warn.mockRestore();
  });
});
