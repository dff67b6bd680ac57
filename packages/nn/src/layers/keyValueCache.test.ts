import { noGrad } from '@dl/autograd';
import {
  ArgumentError,
  type Backend,
  DTypeError,
  manualSeed,
  randn,
  reference,
  ShapeError,
  type Tensor,
  tensor,
  useBackend,
} from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  KeyValueCache,
  Module,
  MultiheadAttention,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '../index.ts';

let backend: Backend;
beforeEach(() => {
  backend = reference({ poison: true });
  useBackend(backend);
  manualSeed(4);
});

const [batchSize, length, width] = [2, 20, 8];
const options = { dimFeedforward: 16, batchFirst: true, normFirst: true } as const;
const causal = { mask: Transformer.generateSquareSubsequentMask(length), isCausal: true } as const;

async function expectClose(actual: Tensor, expected: Tensor): Promise<void> {
  const [found, wanted] = [await actual.data(), await expected.data()];
  expect(found.length).toBe(wanted.length);
  expect(Math.max(...Array.from(found, (value, i) => Math.abs(Number(value) - Number(wanted[i]))))).toBeLessThan(1e-5);
}

/** Calls a model with one token after the other; how many plans each call made. */
async function generate(x: Tensor, from: number, call: (token: Tensor) => Tensor): Promise<{ outputs: Tensor[]; plans: number[] }> {
  const [outputs, plans]: [Tensor[], number[]] = [[], []];
  for (let t = from; t < x.size(1); t++) {
    const token = await x.narrow(1, t, 1).data();
    const before = planCacheOf(backend).size;
    const output = noGrad(() => call(tensor(token, { shape: [x.size(0), 1, x.size(2)] })));
    await output.data();
    outputs.push(output);
    plans.push(planCacheOf(backend).size - before);
  }
  return { outputs, plans };
}

describe('generating 20 tokens', () => {
  test('gives what the whole sequence gives at once, and each token after the first runs the same plan', async () => {
    const model = new TransformerEncoder(new TransformerEncoderLayer(width, 2, options), 2).eval();
    const x = randn([batchSize, length, width]);
    const caches = [...model.layers].map(({ selfAttn }) => KeyValueCache.for(selfAttn, { batchSize, maxLength: 24 }));
    const { outputs, plans } = await generate(x, 0, (token) => model(token, { caches }));
    const whole = model(x, causal);
    for (const [t, output] of outputs.entries()) await expectClose(output, whole.narrow(1, t, 1));
    // The first two: buffers and weights are recipes, then values.
    expect(plans.slice(2)).toEqual(plans.slice(2).map(() => 0));
    expect(caches.map((cache) => cache.length)).toEqual([length, length]);
  });

  test('goes on after a prompt', async () => {
    const model = new TransformerEncoder(new TransformerEncoderLayer(width, 2, options), 2).eval();
    const x = randn([batchSize, length, width]);
    const caches = [...model.layers].map(({ selfAttn }) => KeyValueCache.for(selfAttn, { batchSize, maxLength: length }));
    const whole = model(x, causal);
    await expectClose(model(x.narrow(1, 0, 12), { caches }), whole.narrow(1, 0, 12));
    const { outputs } = await generate(x, 12, (token) => model(token, { caches }));
    for (const [i, output] of outputs.entries()) await expectClose(output, whole.narrow(1, 12 + i, 1));
  });

  test('works with a decoder and its memory', async () => {
    const model = new TransformerDecoder(new TransformerDecoderLayer(width, 2, options), 2).eval();
    const [x, memory] = [randn([batchSize, 6, width]), randn([batchSize, 4, width])];
    const caches = [...model.layers].map(({ selfAttn }) => KeyValueCache.for(selfAttn, { batchSize, maxLength: 8 }));
    const { outputs } = await generate(x, 0, (token) => model(token, memory, { caches }));
    const whole = model(x, memory, { tgtMask: Transformer.generateSquareSubsequentMask(6), tgtIsCausal: true });
    for (const [t, output] of outputs.entries()) await expectClose(output, whole.narrow(1, t, 1));
  });

  test('works without a batch, and with the sequence first', async () => {
    const attention = new MultiheadAttention(width, 2).eval();
    const x = randn([4, width]);
    const mask = Transformer.generateSquareSubsequentMask(4);
    const [whole, weights] = attention(x, x, x, { attnMask: mask });
    const cache = KeyValueCache.for(attention, { batchSize: 1, maxLength: 6 });
    for (let t = 0; t < 4; t++) {
      const token = x.narrow(0, t, 1).unsqueeze(1);
      const [output, seen] = attention(token, token, token, { cache });
      await expectClose(output.squeeze({ dim: 1 }), whole.narrow(0, t, 1));
      expect(seen?.shape).toEqual([1, 1, 6]);
      if (seen && weights) await expectClose(seen.reshape([6]).narrow(0, 0, 4), weights.select(0, t));
    }
  });
});

describe('KeyValueCache', () => {
  const full = (value: number, tokens = 1): Tensor => randn([1, 2, tokens, 3]).mul(0).add(value);

  test('holds what was written, in order, and hides the rest', async () => {
    const cache = new KeyValueCache(1, 2, 4, 3);
    expect(cache.length).toBe(0);
    cache.append(full(1), full(-1));
    const { keys, values, mask } = cache.append(full(2, 2), full(-2, 2));
    expect(cache.length).toBe(3);
    expect(await keys.select(3, 0).select(1, 1).tolist()).toEqual([[1, 2, 2, 0]]);
    expect(await values.select(3, 2).select(1, 0).tolist()).toEqual([[-1, -2, -2, 0]]);
    expect(await mask.int().tolist()).toEqual([
      [1, 1, 0, 0],
      [1, 1, 1, 0],
    ]);
  });

  test('begins anew after reset', async () => {
    const cache = new KeyValueCache(1, 2, 4, 3);
    cache.append(full(1, 3), full(1, 3));
    cache.reset();
    expect(cache.length).toBe(0);
    const { keys, mask } = cache.append(full(5), full(5));
    expect(await keys.select(3, 0).select(1, 0).narrow(1, 0, 1).tolist()).toEqual([[5]]);
    expect(await mask.int().tolist()).toEqual([[1, 0, 0, 0]]);
  });

  test('is as before after a call that throws', async () => {
    class Failing extends Module {
      readonly attention = new MultiheadAttention(6, 2);
      fails = false;
      override forward(x: Tensor, cache: KeyValueCache): Tensor {
        const [output] = this.attention(x, x, x, { cache });
        if (this.fails) throw new Error('too late');
        return output;
      }
    }
    const model = new Failing();
    const cache = KeyValueCache.for(model.attention, { batchSize: 1, maxLength: 4 });
    const x = randn([1, 1, 6]);
    await model(x, cache).data();
    model.fails = true;
    expect(() => model(x, cache)).toThrow('too late');
    expect(cache.length).toBe(1);
    model.fails = false;
    await model(x, cache).data();
    expect(cache.length).toBe(2);
  });

  test('takes the dtype of the layer', () => {
    const attention = new MultiheadAttention(4, 2, { dtype: 'float64' });
    const x = randn([1, 1, 4], { dtype: 'float64' });
    const cache = KeyValueCache.for(attention, { batchSize: 1, maxLength: 2 });
    expect(attention(x, x, x, { cache })[0].dtype).toBe('float64');
  });

  const cache = new KeyValueCache(1, 2, 4, 3);
  const wrong: readonly (readonly [f: () => unknown, error: new (message: string) => Error, message: string])[] = [
    [() => new KeyValueCache(1, 2, 0, 3), ArgumentError, 'KeyValueCache: maxLength must be a whole number from 1 up; got 0'],
    [() => cache.append(1 as never, full(1)), ArgumentError, 'KeyValueCache: key must be a tensor; got 1'],
    [() => cache.append(randn([1, 2, 3]), full(1)), ShapeError, 'KeyValueCache: key must be [1, 2, T, 3] with T from 1 up; got [1, 2, 3]'],
    [
      () => cache.append(full(1), full(1, 2)),
      ShapeError,
      'KeyValueCache: key and value must be of one shape; got [1, 2, 1, 3], [1, 2, 2, 3]',
    ],
    [() => cache.append(full(1).double(), full(1)), DTypeError, 'KeyValueCache: key must be float32; got float64. Cast it'],
    [
      () => cache.append(full(1, 5), full(1, 5)),
      ArgumentError,
      'KeyValueCache: there must be room for 5 more; got 0 of maxLength 4 written. Reset it, or make a longer one',
    ],
  ];
  for (const [f, error, message] of wrong) {
    test(`refuses: ${message}`, () => {
      expect(f).toThrow(error);
      expect(f).toThrow(message);
    });
  }
});
