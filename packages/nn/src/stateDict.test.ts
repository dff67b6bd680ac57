import { DataError, ones, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Buffer, Linear, Module, Sequential } from './index.ts';

class Tied extends Module {
  encoder = new Linear(2, 2, { bias: false });
  decoder = this.encoder;
  scratch = new Buffer(zeros([1]), { persistent: false });
  forward(x: Tensor): Tensor {
    return this.decoder(this.encoder(x));
  }
}

describe('stateDict', () => {
  test('is a snapshot: what comes later does not change it', async () => {
    const layer = new Linear(1, 1);
    layer.weight.assign(tensor([[2]]));
    const before = layer.stateDict();
    layer.weight.assign(tensor([[7]]));
    expect(await before.weight?.item()).toBe(2);
    expect(await layer.stateDict().weight?.item()).toBe(7);
  });

  test('holds detached tensors', () => {
    expect(new Linear(1, 1).stateDict().weight?.requiresGrad).toBe(false);
  });

  test('names tied weights under each name and leaves out buffers that do not persist', () => {
    expect(Object.keys(new Tied().stateDict())).toEqual(['encoder.weight', 'decoder.weight']);
  });
});

describe('loadStateDict', () => {
  test('restores what stateDict gave, buffers too', async () => {
    const [from, to] = [new Sequential(new Linear(2, 3), new BatchNorm1d(3)), new Sequential(new Linear(2, 3), new BatchNorm1d(3))];
    from(ones([4, 2]));
    expect(to.loadStateDict(from.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    const [expected, actual] = [from.stateDict(), to.stateDict()];
    for (const key of Object.keys(expected)) expect(await actual[key]?.tolist(), key).toEqual(await expected[key]?.tolist());
  });

  test('keeps parameters trainable and independent of the tensors given', async () => {
    const layer = new Linear(1, 1, { bias: false });
    const given = tensor([[3]]);
    layer.loadStateDict({ weight: given });
    layer(tensor([[2]]))
      .sum()
      .backward();
    expect(await layer.weight.grad?.item()).toBe(2);
    expect(given.requiresGrad).toBe(false);
    layer.weight.assign(tensor([[9]]));
    expect(await given.item()).toBe(3);
  });

  test('keeps tied weights tied', async () => {
    const tied = new Tied();
    tied.loadStateDict({
      'encoder.weight': tensor([
        [1, 2],
        [3, 4],
      ]),
      'decoder.weight': tensor([
        [1, 2],
        [3, 4],
      ]),
    });
    expect(tied.decoder.weight).toBe(tied.encoder.weight);
    expect(await tied.decoder.weight.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('casts to the dtypes of the model', async () => {
    const norm = new BatchNorm1d(1);
    norm.loadStateDict({
      weight: tensor([2], { dtype: 'float64' }),
      bias: tensor([1], { dtype: 'int32' }),
      running_mean: zeros([1]),
      running_var: ones([1]),
      num_batches_tracked: tensor(5),
    });
    expect([norm.weight?.dtype, norm.bias?.dtype, norm.numBatchesTracked?.dtype]).toEqual(['float32', 'float32', 'int32']);
    expect(await norm.numBatchesTracked?.item()).toBe(5);
  });

  test('lists all that is wrong in one error, and changes nothing', async () => {
    const model = new Sequential(new Linear(1, 1), new Linear(1, 2));
    const before = await model.stateDict()['0.weight']?.item();
    const state = { '0.weight': ones([1, 1]), '1.weight': ones([1, 2]), '1.bias': [1, 2] as never, extra: ones([1]) };
    const message =
      'loadStateDict: the state must fit Sequential; got\n' +
      '  missing keys: 0.bias\n  unexpected keys: extra\n  1.weight: shape [1, 2], where the model has [2, 1]\n  1.bias: not a tensor but [1, 2]';
    expect(() => model.loadStateDict(state)).toThrow(new DataError(message));
    expect(await model.stateDict()['0.weight']?.item()).toBe(before);
  });

  test('without strict takes what there is, and reports the rest', async () => {
    const layer = new Linear(1, 1);
    const report = layer.loadStateDict({ weight: tensor([[4]]), other: zeros([1]) }, { strict: false });
    expect(report).toEqual({ missingKeys: ['bias'], unexpectedKeys: ['other'] });
    expect(await layer.weight.item()).toBe(4);
    expect(() => layer.loadStateDict({ weight: zeros([3]) }, { strict: false })).toThrow(DataError);
  });

  test('takes an object without a prototype', () => {
    expect(new Linear(1, 1).loadStateDict(Object.create(null), { strict: false }).missingKeys).toEqual(['weight', 'bias']);
  });

  test('must be given an object', () => {
    expect(() => new Linear(1, 1).loadStateDict(null as never)).toThrow(
      'loadStateDict: the state must be an object of tensors by name; got null',
    );
  });
});
