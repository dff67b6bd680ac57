import { GradientError, gather, ShapeError, sort, type Tensor, tensor, where, zeros } from '@dl/tensor';
import { apply, releaseGradient, replace } from '@dl/tensor/internal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkGradients } from './checkGradients.ts';
import { customGradient } from './customGradient.ts';
import { gradients } from './gradients.ts';
import { noGrad } from './modes.ts';
import { requiresGrad } from './requiresGrad.ts';
import { unseenUses } from './testing/unseenUses.ts';

const leaf = (...data: number[]): Tensor => requiresGrad(tensor(Float64Array.from(data)));
const gradOf = (x: Tensor): Promise<unknown> => x.grad?.tolist() ?? Promise.resolve(null);

/** Hand-written gradient descent. */
function step(...parameters: Tensor[]): Promise<void> {
  return replace(parameters.map((target) => ({ target, next: noGrad(() => target.sub(target.gradient?.mul(0.1) ?? 0)) })));
}

describe('backward: accumulation', () => {
  test('the first gradient is set, the next is added', async () => {
    const x = leaf(1, 2);
    x.mul(x).sum().backward();
    expect(await gradOf(x)).toEqual([2, 4]);
    x.mul(3).sum().backward();
    expect(await gradOf(x)).toEqual([5, 7]);
  });

  test('elements that no result has left get zeros', async () => {
    const x = leaf(1, 2);
    const columns = x.reshape([2, 1]);
    columns.pad([0, 0, -2, 1], { value: 5 }).sum().backward();
    expect(await gradOf(x)).toEqual([0, 0]);
  });

  test('one graph can be differentiated twice', async () => {
    const x = leaf(3);
    const y = x.mul(x).sum();
    y.backward();
    y.backward();
    expect(await gradOf(x)).toEqual([12]);
  });

  test('a leaf used in several places gets the sum', async () => {
    const w = leaf(2);
    w.mul(w).add(w).mul(w).sum().backward(); // w³ + w²
    expect(await gradOf(w)).toEqual([16]);
  });

  test('two leaves that get the same value have handles of their own', async () => {
    const a = leaf(1);
    const b = leaf(2);
    a.add(b).sum().backward();
    expect(a.grad).not.toBe(b.grad);
    releaseGradient(a);
    expect(await gradOf(b)).toEqual([1]);
  });

  test('a gradient given by the user is not taken over', async () => {
    const x = leaf(1, 2);
    const given = tensor(Float64Array.of(5, 6));
    x.backward({ gradient: given });
    releaseGradient(x);
    expect(await given.tolist()).toEqual([5, 6]);
  });

  test('an accumulated gradient that shares nothing with the new graph is evaluated before it is added to', () => {
    const x = leaf(1, 2);
    x.mul(2).sum().backward();
    const first = x.gradient?.value;
    expect(first?.storage).toBeNull();
    x.mul(3).sum().backward();
    expect(first?.storage).not.toBeNull();
  });

  test('gradients of two losses over one trunk stay one graph', () => {
    const x = leaf(1, 2);
    const trunk = x.exp();
    trunk.sum().backward();
    const first = x.gradient?.value;
    trunk.mul(trunk).sum().backward();
    expect(first?.storage).toBeNull();
  });

  test('a constant recipe in both graphs is no common work', () => {
    const x = leaf(1, 2);
    const constant = zeros([2], { dtype: 'float64' });
    x.mul(x).add(constant).sum().backward();
    const first = x.gradient?.value;
    x.mul(x).mul(constant).sum().backward();
    expect(first?.storage).not.toBeNull();
  });

  test('the loss and the gradients are computed together', async () => {
    const a = leaf(1);
    const b = leaf(2);
    const loss = a.mul(b).exp().sum();
    loss.backward();
    await loss.item();
    expect(a.gradient?.value.storage).not.toBeNull();
    expect(b.gradient?.value.storage).not.toBeNull();
  });

  test('a backward pass that throws writes no gradient', () => {
    const a = leaf(1);
    const b = leaf(2);
    const broken = customGradient(
      (x) => x.mul(2),
      () => {
        throw new RangeError('no gradient today');
      },
    );
    expect(() => broken(a).add(b).sum().backward()).toThrow(RangeError);
    expect([a.grad, b.grad]).toEqual([null, null]);
  });
});

describe('backward: graphs', () => {
  test('in a ladder of diamonds each node is visited once', async () => {
    const x = leaf(1);
    let y = x.mul(1);
    for (let i = 0; i < 40; i++) y = y.add(y); // 2^40 paths
    y.sum().backward();
    expect(await gradOf(x)).toEqual([2 ** 40]);
  });

  test('a chain of 10,000 nodes takes less than a second', async () => {
    const x = leaf(1);
    let y = x.mul(1);
    for (let i = 0; i < 5_000; i++) y = y.mul(-1).add(0.5);
    const loss = y.sum();
    const start = process.cpuUsage(); // processor time: others may be busy too
    loss.backward();
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
    expect(await gradOf(x)).toEqual([1]);
  });

  test('a frozen leaf gets nothing, the others what is theirs', async () => {
    const a = leaf(2);
    const b = leaf(3);
    b.requiresGrad = false;
    a.mul(b).sum().backward();
    expect(await gradOf(a)).toEqual([3]);
    expect(b.grad).toBeNull();
    b.requiresGrad = true;
    a.mul(b).sum().backward();
    expect(await gradOf(b)).toEqual([2]);
  });

  test('a leaf that was frozen after its use gets nothing', () => {
    const a = leaf(2);
    const b = leaf(3);
    const y = a.mul(b).sum();
    b.requiresGrad = false;
    y.backward();
    expect(b.grad).toBeNull();
    a.requiresGrad = false;
    expect(() => y.backward()).toThrow(/^backward: nothing that this tensor was computed from requires a gradient any more/);
  });

  test('detach stops the gradient', async () => {
    const x = leaf(3);
    x.mul(x.detach()).sum().backward();
    expect(await gradOf(x)).toEqual([3]);
  });

  test('what was computed inside noGrad is a constant', async () => {
    const x = leaf(3);
    const constant = noGrad(() => x.mul(x));
    expect(constant.requiresGrad).toBe(false);
    x.mul(constant).sum().backward();
    expect(await gradOf(x)).toEqual([9]);
    expect(() => constant.sum().backward()).toThrow(/^backward: nothing that this tensor was computed from requires a gradient/);
  });

  test('backward works inside noGrad', async () => {
    const x = leaf(3);
    const y = x.mul(x).sum();
    noGrad(() => y.backward());
    expect(await gradOf(x)).toEqual([6]);
  });

  test('of several outputs one may be used', async () => {
    const x = leaf(3, 1, 2);
    const [values] = sort(x);
    values
      .mul(tensor(Float64Array.of(1, 10, 100)))
      .sum()
      .backward();
    expect(await gradOf(x)).toEqual([100, 1, 10]);
  });

  test('of several outputs any may be used', async () => {
    const x = requiresGrad(tensor(Float64Array.of(1, 2, 3, 6), { shape: [2, 2] }));
    const affine = zeros([2], { dtype: 'float64' });
    const [, mean, variance] = apply('batchNorm', [x, affine, affine], {}, [0]);
    mean.sum().backward();
    expect(await gradOf(x)).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    releaseGradient(x);
    variance.sum().backward();
    expect(await gradOf(x)).toEqual([
      [-1, -2],
      [1, 2],
    ]);
  });

  test('integers on the way carry no gradient', async () => {
    const x = leaf(5, 7);
    const index = x.argmax({ dim: 0, keepDim: true });
    gather(x, 0, index).mul(index.double()).sum().backward();
    expect(await gradOf(x)).toEqual([0, 1]);
    const [, indices] = sort(x);
    expect(() => indices.backward({ gradient: indices })).toThrow(GradientError);
  });

  test('NaN of a branch not taken comes through as in PyTorch', async () => {
    const x = leaf(-1, 4);
    where(x.gt(0), x.sqrt(), 0).sum().backward();
    expect(await gradOf(x)).toEqual([Number.NaN, 0.25]);
  });

  test('a leaf is its own root', async () => {
    const x = leaf(7);
    x.backward();
    expect(await gradOf(x)).toEqual([1]);
  });

  test('random graphs with shared nodes have the measured gradient', async () => {
    const operation = fc.record({ kind: fc.constantFrom('add', 'mul', 'sin', 'sub', 'half'), a: fc.nat(99), b: fc.nat(99) });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (program) => {
        const f = (...xs: Tensor[]): Tensor => {
          const env = [...xs];
          const pick = (i: number): Tensor => env[i % env.length] as Tensor;
          for (const { kind, a, b } of program) {
            if (kind === 'add') env.push(pick(a).add(pick(b)).mul(0.5));
            else if (kind === 'mul') env.push(pick(a).mul(pick(b)));
            else if (kind === 'sub') env.push(pick(a).sub(pick(b)));
            else if (kind === 'half') env.push(pick(a).sum({ keepDim: true }).mul(0.5));
            else env.push(pick(a).sin());
          }
          return pick(env.length - 1);
        };
        await checkGradients(f, [tensor(Float64Array.of(0.3, -0.6)), tensor(Float64Array.of(0.7))], { order: 2 });
      }),
      { numRuns: 40 },
    );
  });
});

describe('backward: what it may be told', () => {
  test('a tensor that is no scalar needs a gradient to start from', async () => {
    const x = leaf(1, 2);
    const y = x.mul(x);
    expect(() => y.backward()).toThrow(/^backward: only a scalar's gradient starts by itself; got shape \[2\]/);
    y.backward({ gradient: tensor(Float64Array.of(1, 10)) });
    expect(await gradOf(x)).toEqual([2, 40]);
  });

  test('one element is a scalar, whatever the rank', async () => {
    const x = requiresGrad(tensor([[3]]));
    x.mul(x).backward();
    expect(await gradOf(x)).toEqual([[6]]);
  });

  test('the gradient to start from must fit', () => {
    const y = leaf(1, 2).mul(2);
    expect(() => y.backward({ gradient: zeros([3], { dtype: 'float64' }) })).toThrow(ShapeError);
    expect(() => y.backward({ gradient: zeros([2]) })).toThrow(
      "backward: the gradient to start from must have the tensor's dtype, float64; got float32",
    );
  });

  test('createGraph makes gradients that can be differentiated', async () => {
    const x = leaf(2);
    x.mul(x).mul(x).sum().backward({ createGraph: true });
    const slope = x.grad as Tensor;
    expect(slope.requiresGrad).toBe(true);
    const [bend] = gradients(slope, [x], { createGraph: true });
    const [third] = gradients(bend, [x]);
    expect([await slope.tolist(), await bend.tolist(), await third.tolist()]).toEqual([[12], [12], [6]]);
    expect(third.requiresGrad).toBe(false);
  });

  test('without createGraph a gradient is a constant', () => {
    const x = leaf(2);
    x.mul(x).sum().backward();
    expect(x.grad?.requiresGrad).toBe(false);
  });
});

describe('backward: only what is wanted is built', () => {
  test('nothing that backward built is left over', () => {
    const x = tensor([[1, 2, 3]]);
    const w1 = requiresGrad(zeros([4, 3]));
    const b1 = requiresGrad(zeros([4]));
    const frozen = requiresGrad(zeros([2, 4]));
    frozen.requiresGrad = false;
    const h = x.matmul(w1.t()).add(b1).relu();
    const loss = h.matmul(frozen.t()).softmax(1).log().mean();
    loss.backward();
    const leftOver = unseenUses([loss, w1.grad ?? loss, b1.grad ?? loss]);
    expect(leftOver).toEqual([]);
  });

  test('the gradient of data is not built', () => {
    const x = tensor([[1, 2, 3]]);
    const w = requiresGrad(zeros([3, 4]));
    x.matmul(w).sum().backward();
    expect(w.value.uses).toBe(1);
  });

  test('the same holds for gradients with respect to some of the leaves', () => {
    const a = leaf(1);
    const b = leaf(2);
    gradients(a.mul(b).exp().sum(), [a]);
    expect(a.value.uses).toBe(1);
    expect(b.value.uses).toBe(2);
  });
});

describe('backward: what a step has consumed', () => {
  test('a loss cannot be differentiated again after the step', async () => {
    const p = leaf(1);
    const loss = p.mul(p).sum();
    loss.backward();
    await step(p);
    expect(() => loss.backward()).toThrow(
      /^backward: the graph behind the result of sum was consumed by optimizer.step\(\); detach\(\) it, or compute it again/,
    );
  });

  test('a consumed value on one of several paths throws', async () => {
    const p = leaf(1);
    const hidden = p.mul(2);
    const loss = hidden.sum();
    loss.backward();
    await step(p);
    const next = p.mul(3).add(loss).sum();
    expect(() => next.backward()).toThrow(GradientError);
    const q = leaf(1);
    expect(() => gradients(q.mul(loss).sum(), [q])).toThrow(/^gradients: /);
  });

  test('detached, it is a constant', async () => {
    const p = leaf(1);
    const loss = p.mul(p).sum();
    loss.backward();
    await step(p); // p = 0.8
    releaseGradient(p);
    p.mul(loss.detach()).sum().backward();
    expect(await gradOf(p)).toEqual([1]);
  });

  test('after a step the parameter is a leaf again', async () => {
    const p = leaf(1);
    for (let i = 0; i < 3; i++) {
      releaseGradient(p);
      p.mul(p).sum().backward();
      await step(p);
    }
    expect((await p.data())[0]).toBeCloseTo(0.512, 12);
    expect(p.requiresGrad).toBe(true);
  });

  test('a graph from before a step that did not consume it adds to the same parameter', async () => {
    const p = leaf(1);
    const old = p.mul(5).sum();
    p.mul(p).sum().backward();
    await step(p);
    releaseGradient(p);
    old.add(p.mul(2).sum()).backward();
    expect(await gradOf(p)).toEqual([7]);
  });
});
