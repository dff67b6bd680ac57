import process from 'node:process';
import {
  ArgumentError,
  adopt,
  type Backend,
  BackendError,
  evaluate,
  IndexError,
  ones,
  reference,
  type Tensor,
  tensor,
  useBackend,
} from '@dl/tensor';
import { replace, stateTensor } from '@dl/tensor/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpu } from './cpu.ts';
import { openVariants } from './testing/openVariants.ts';

const variants = await openVariants();

describe.each(variants)('on $title', ({ backend }) => {
  beforeEach(() => useBackend(backend));

  it('reading gives a copy: what is done to it does not reach the tensor', async () => {
    const x = tensor([1, 2]);
    (await x.data()).fill(7);
    x.dataSync().fill(7);
    expect(await x.tolist()).toEqual([1, 2]);
  });

  it('says which index is out of range, also where the index was computed', async () => {
    const table = ones([3, 2]);
    const index = tensor([0, 1], { dtype: 'int32' }).mul(5);
    await expect(table.indexSelect(0, index).data()).rejects.toThrow(
      new IndexError('indexSelect: index 5 at position 1 is out of range for dim 0 of size 3'),
    );
  });

  it('a step that fails leaves its parameter as it was', async () => {
    const parameter = stateTensor(tensor([1, 2, 3]));
    const bad = parameter.indexSelect(0, tensor([1], { dtype: 'int32' }).mul(9));
    await expect(replace([{ target: parameter, next: parameter.sub(bad.sum()) }])).rejects.toThrow(IndexError);
    expect(await parameter.tolist()).toEqual([1, 2, 3]);
  });

  it('refuses tensors of another backend, and says how to bring them here', async () => {
    const here = tensor([1]);
    useBackend(reference());
    const there = tensor([2]);
    await expect(evaluate(here.add(there))).rejects.toThrow(BackendError);
    expect(await (await there.to(backend)).add(here).tolist()).toEqual([3]);
  });

  it('an output in the place of a graph’s input has the elements of the input', async () => {
    const x = tensor([[1, 2]]);
    const flat = x.reshape([2]);
    await evaluate(flat, x);
    expect(await flat.tolist()).toEqual([1, 2]);
  });
});

describe('long plans', () => {
  it('take over what they are given: the array may be moved to another thread while they run', async () => {
    const backend = await native();
    if (backend === null) return;
    useBackend(backend);
    const elements = Float32Array.of(1, 2, 3);
    const x = adopt(elements);
    structuredClone(elements.buffer, { transfer: [elements.buffer] });
    expect(await x.add(1).tolist()).toEqual([2, 3, 4]);
  });

  it('run off the main thread: a timer that was set before keeps firing', async () => {
    const backend = await native();
    if (backend === null) return;
    useBackend(backend);
    let x = matrix();
    for (let i = 0; i < 12; i++) x = x.matmul(matrix());
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await x.data();
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('can be read at once: reading waits for them', async () => {
    const backend = await native();
    if (backend === null) return;
    useBackend(backend);
    const x = matrix();
    const product = x.matmul(x).matmul(x);
    void evaluate(product);
    const [first = Number.NaN] = product.dataSync();
    expect(first).toBeCloseTo(1024 * 1024 * 1e-6, 3);
  });
});

describe('cpu()', () => {
  it('runs native code where DL_REQUIRE_NATIVE says that it must', async () => {
    const { description } = await cpu();
    expect(description).toMatch(process.env.DL_REQUIRE_NATIVE === '1' ? /^native/ : /^(native|WebAssembly)/);
  });

  it.each([0, -1, 1.5, Number.NaN, 1e6])('refuses %s threads', async (threads) => {
    await expect(cpu({ threads })).rejects.toThrow(ArgumentError);
  });

  it('describes the instruction set and the threads', async () => {
    const { description } = await cpu({ threads: 3 });
    expect(description).toMatch(/^(native (avx512|avx2|neon), 3 threads|WebAssembly \((relaxed )?simd\), 1 thread)/);
  });
});

/** 1024 × 1024 of 0.01: a product takes milliseconds. */
function matrix(): Tensor {
  return ones([1024, 1024]).mul(0.01);
}

/** `null` where no native kernels run. */
async function native(): Promise<Backend | null> {
  const backend = await cpu({ threads: 1 });
  return backend.description.startsWith('native') ? backend : null;
}
