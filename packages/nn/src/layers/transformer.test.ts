import { ArgumentError, manualSeed, ones, randn, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { cloneModule } from '../cloneModule.ts';
import {
  BatchNorm2d,
  Buffer,
  Conv2d,
  GRU,
  LayerNorm,
  Linear,
  MaxPool2d,
  Module,
  ModuleDict,
  ModuleList,
  Parameter,
  PReLU,
  Sequential,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '../index.ts';

const small = { dimFeedforward: 8, batchFirst: true } as const;

describe('a stack', () => {
  test('starts with the values of the layer given, and learns its own', async () => {
    manualSeed(1);
    const layer = new TransformerEncoderLayer(4, 2, small);
    const encoder = new TransformerEncoder(layer, 3);
    expect(encoder.numLayers).toBe(3);
    const state = encoder.stateDict();
    for (const [key, value] of Object.entries(layer.stateDict()))
      for (let i = 0; i < 3; i++) expect(await state[`layers.${i}.${key}`]?.data(), key).toEqual(await value.data());
    expect(new Set(encoder.parameters()).size).toBe(3 * layer.parameters().length);
    const [changed, other] = [encoder.layers.at(0).linear1.weight, encoder.layers.at(1).linear1.weight];
    changed.assign(zeros([8, 4]));
    expect(await other.data()).toEqual(await layer.linear1.weight.data());
    expect(await changed.data()).not.toEqual(await other.data());
  });

  test('has one norm, which is not copied', () => {
    const norm = new LayerNorm(4);
    expect(new TransformerDecoder(new TransformerDecoderLayer(4, 2, small), 2, { norm }).norm).toBe(norm);
  });

  test('copies what the layer learns elsewhere: an activation with a weight', () => {
    const activation = new PReLU();
    const encoder = new TransformerEncoder(new TransformerEncoderLayer(4, 2, { ...small, activation }), 2);
    const keys = Object.keys(encoder.stateDict()).filter((key) => key.includes('activation'));
    expect(keys).toEqual(['layers.0.activation.weight', 'layers.1.activation.weight']);
    expect(encoder.parameters()).not.toContain(activation.weight);
    expect(encoder(ones([1, 2, 4])).shape).toEqual([1, 2, 4]);
  });

  test('drops in training and not in evaluation', async () => {
    manualSeed(2);
    const encoder = new TransformerEncoder(new TransformerEncoderLayer(4, 2, { ...small, dropout: 0.5 }), 2);
    const x = randn([2, 3, 4]);
    expect(await encoder(x).data()).not.toEqual(await encoder(x).data());
    encoder.eval();
    expect(await encoder(x).data()).toEqual(await encoder(x).data());
  });
});

describe('cloneModule', () => {
  class Model extends Module {
    readonly shared = new Linear(2, 2);
    readonly again = this.shared;
    readonly blocks = new ModuleList([new Linear(2, 2), this.shared]);
    readonly heads = new ModuleDict({ a: new Sequential({ first: new Linear(2, 3) }) });
    readonly frozen = new Parameter(ones([2]), { requiresGrad: false });
    readonly count = new Buffer(zeros([1]), { persistent: false });
    readonly size = 7;
    override forward(x: Tensor): Tensor {
      return this.heads.get('a')(this.again(this.blocks.at(0)(x)).mul(this.frozen).add(this.count));
    }
  }

  test('copies parameters, buffers and modules, and shares what was shared', async () => {
    const model = new Model().eval();
    const copy = cloneModule(model);
    expect(copy).toBeInstanceOf(Model);
    expect(copy.toString()).toBe(model.toString());
    expect(copy.again).toBe(copy.shared);
    expect(copy.blocks.at(1)).toBe(copy.shared);
    expect(copy.parameters().some((parameter) => model.parameters().includes(parameter))).toBe(false);
    expect([copy.frozen.requiresGrad, copy.count.persistent, copy.size, copy.training]).toEqual([false, false, 7, false]);
    expect(await copy(ones([1, 2])).data()).toEqual(await model(ones([1, 2])).data());
    expect(copy.heads.get('a').at(0)).not.toBe(model.heads.get('a').at(0));
  });

  test('copies layers with running statistics, windows and recurrence', async () => {
    const model = new Sequential(new Conv2d(1, 2, 3, { padding: 1, paddingMode: 'reflect' }), new BatchNorm2d(2), new MaxPool2d(2));
    const [x, sequence] = [randn([2, 1, 4, 4]), randn([3, 2, 2])];
    expect(await cloneModule(model)(x).data()).toEqual(await model(x).data());
    const gru = new GRU(2, 3, { bidirectional: true });
    expect(await cloneModule(gru)(sequence)[0].data()).toEqual(await gru(sequence)[0].data());
  });
});

describe('Transformer', () => {
  test('is PyTorch’s base model by default', () => {
    const { encoder, decoder, dModel, nhead } = new Transformer({ dimFeedforward: 4 });
    expect([dModel, nhead]).toEqual([512, 8]);
    expect(encoder.namedChildren().map(([key]) => key)).toEqual(['layers', 'norm']);
    expect([encoder, decoder].map((stack) => (stack as TransformerEncoder).numLayers)).toEqual([6, 6]);
  });

  test('takes a custom encoder and decoder', () => {
    class Memory extends Module {
      override forward(src: Tensor): Tensor {
        return src.mul(2);
      }
    }
    class Sum extends Module {
      override forward(tgt: Tensor, memory: Tensor): Tensor {
        return tgt.add(memory.sum({ dim: 1, keepDim: true }));
      }
    }
    const model = new Transformer({ dModel: 4, batchFirst: true, customEncoder: new Memory(), customDecoder: new Sum() });
    expect(model(ones([1, 3, 4]), ones([1, 2, 4])).shape).toEqual([1, 2, 4]);
    expect(model.toString()).toBe('Transformer(\n  (encoder): Memory()\n  (decoder): Sum()\n)');
  });

  test('makes the causal mask', async () => {
    expect(await Transformer.generateSquareSubsequentMask(2).tolist()).toEqual([
      [0, Number.NEGATIVE_INFINITY],
      [0, 0],
    ]);
    expect(Transformer.generateSquareSubsequentMask(2, { dtype: 'float64' }).dtype).toBe('float64');
  });

  const model = new Transformer({ dModel: 4, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 4, batchFirst: true });
  const layer = new TransformerEncoderLayer(4, 2, small);
  const decoder = new TransformerDecoderLayer(4, 2, small);
  const wrong: readonly (readonly [f: () => unknown, error: new (message: string) => Error, message: string])[] = [
    [
      () => model(ones([2, 3, 4]), ones([3, 3, 4])),
      ShapeError,
      'Transformer: src and tgt must have batches of one size, dim 0; got [2, 3, 4] and [3, 3, 4]',
    ],
    [
      () => model(ones([2, 3, 5]), ones([2, 3, 4])),
      ShapeError,
      'Transformer: the last dims of src and tgt must be dModel, 4; got [2, 3, 5] and [2, 3, 4]',
    ],
    [
      () => model(ones([3, 4]), ones([2, 3, 4])),
      ShapeError,
      'Transformer: src and tgt must both have 3 dims, or 2 without a batch; got [3, 4] and [2, 3, 4]',
    ],
    [() => model(1 as never, ones([2, 3, 4])), ArgumentError, 'Transformer: src must be a tensor; got 1'],
    [
      () => new TransformerEncoderLayer(4, 2, { activation: 'tanh' as never }),
      ArgumentError,
      "TransformerEncoderLayer: activation must be 'relu', 'gelu' or a function; got 'tanh'",
    ],
    [
      () => new TransformerEncoderLayer(4, 3),
      ArgumentError,
      'MultiheadAttention: numHeads must divide embedDim; got embedDim 4 and numHeads 3',
    ],
    [() => new TransformerEncoderLayer(4, 2, { dropout: 2 }), ArgumentError, 'dropout must be a number in [0, 1]; got 2'],
    [() => new TransformerEncoder(layer, 0), ArgumentError, 'TransformerEncoder: numLayers must be a whole number from 1 up; got 0'],
    [
      () => new TransformerEncoder(decoder as never, 1),
      ArgumentError,
      'TransformerEncoder: encoderLayer must be a TransformerEncoderLayer; got a function',
    ],
    [
      () => new TransformerDecoder(layer as never, 1),
      ArgumentError,
      'TransformerDecoder: decoderLayer must be a TransformerDecoderLayer; got a function',
    ],
    [
      () => new TransformerEncoder(layer, 1, { norm: (x: Tensor) => x } as never),
      ArgumentError,
      'TransformerEncoder: norm must be a module or null; got a function',
    ],
    [
      () => layer(ones([2, 3, 4]), { isCausal: true }),
      ArgumentError,
      'MultiheadAttention: isCausal tells that attnMask is the causal mask; got none',
    ],
    [
      () => decoder(ones([2, 3, 4]), ones([2, 5, 4]), { memoryMask: ones([3, 3]) }),
      ShapeError,
      'MultiheadAttention: attnMask must be [3, 5] or [4, 3, 5]; got [3, 3]',
    ],
    [
      () => new TransformerEncoder(layer, 2)(ones([2, 3, 4]), { caches: [] }),
      ArgumentError,
      'TransformerEncoder: there must be one cache for each layer, 2; got 0',
    ],
    [
      () => Transformer.generateSquareSubsequentMask(1.5),
      ArgumentError,
      'generateSquareSubsequentMask: size must be a whole number from 0 up; got 1.5',
    ],
  ];
  for (const [f, error, message] of wrong) {
    test(`refuses: ${message}`, () => {
      expect(f).toThrow(error);
      expect(f).toThrow(message);
    });
  }
});
