import { randn, type Tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Embedding,
  Flatten,
  Linear,
  LSTM,
  Module,
  MultiheadAttention,
  ReLU,
  Sequential,
  summary,
  utils,
} from './index.ts';

describe('summary', () => {
  const model = (): Sequential =>
    new Sequential(new Conv2d(1, 8, 3), new BatchNorm2d(8), new ReLU(), new Flatten(), new Dropout(0.5), new Linear(8 * 26 * 26, 10));

  test('lists layers with shapes, parameters and multiply-adds', () => {
    const { rows, ...totals } = summary(model(), [4, 1, 28, 28]);
    expect(rows.map(({ name, type, outputShapes, parameters }) => [name, type, outputShapes, parameters])).toEqual([
      ['', 'Sequential', [[4, 10]], 80 + 16 + 54090],
      ['0', 'Conv2d', [[4, 8, 26, 26]], 80],
      ['1', 'BatchNorm2d', [[4, 8, 26, 26]], 16],
      ['2', 'ReLU', [[4, 8, 26, 26]], 0],
      ['3', 'Flatten', [[4, 5408]], 0],
      ['4', 'Dropout', [[4, 5408]], 0],
      ['5', 'Linear', [[4, 10]], 54090],
    ]);
    expect(rows.map(({ multiplyAdds }) => multiplyAdds)).toEqual([
      4 * (8 * 26 * 26 * 9 + 54080),
      4 * 8 * 26 * 26 * 9,
      0,
      0,
      0,
      0,
      4 * 54080,
    ]);
    expect(totals.totalMultiplyAdds).toBe(4 * (8 * 26 * 26 * 9 + 54080));
    expect(totals.inputBytes).toBe(4 * 28 * 28 * 4);
    expect(totals.outputBytes).toBe(2 * 4 * (5 * 4 * 5408 + 40));
    expect(totals.totalBytes).toBe(totals.inputBytes + totals.outputBytes + totals.parameterBytes);
  });

  test('prints a table', () => {
    const text = String(summary(new Sequential(new Linear(784, 128), new ReLU()), [64, 784]));
    expect(text).toBe(
      [
        '='.repeat(49),
        'Layer (type)  Output shape  Parameters  Mult-adds',
        '='.repeat(49),
        'Sequential    [64, 128]        100,480  6,422,528',
        '  0 (Linear)  [64, 128]        100,480  6,422,528',
        '  1 (ReLU)    [64, 128]',
        '='.repeat(49),
        'Parameters: 100,480, of which 100,480 are trained',
        'Mult-adds: 6,422,528',
        'Memory: 0.73 MB (inputs 0.20, forward and backward 0.13, parameters 0.40)',
        '='.repeat(49),
      ].join('\n'),
    );
  });

  test('leaves modes, buffers and hooks as they were', async () => {
    const layers = model();
    layers.modules()[5]?.eval();
    const norm = utils.parametrizations.spectralNorm(new Linear(2, 2));
    const before = await norm.stateDict()['parametrizations.weight.0._u']?.tolist();
    summary(norm, [3, 2]);
    summary(layers, [2, 1, 28, 28]);
    expect(await norm.stateDict()['parametrizations.weight.0._u']?.tolist()).toEqual(before);
    expect(layers.modules().map(({ training }) => training)).toEqual([true, true, true, true, true, false, true]);
    expect(layers(randn([2, 1, 28, 28])).shape).toEqual([2, 10]);
  });

  test('counts what a model multiplies outside of its layers', () => {
    class Twice extends Module {
      inner = new Linear(3, 4, { bias: false });
      override forward(x: Tensor): Tensor {
        const h = this.inner(x);
        return h.matmul(h.t());
      }
    }
    const { rows } = summary(new Twice(), [5, 3]);
    expect(rows.map(({ multiplyAdds }) => multiplyAdds)).toEqual([5 * 3 * 4 + 5 * 5 * 4, 5 * 3 * 4]);
  });

  test('adds up the calls of a shared layer, whose parameters count once', () => {
    class Shared extends Module {
      inner = new Linear(4, 4);
      override forward(x: Tensor): Tensor {
        return this.inner(this.inner(x));
      }
    }
    const { totalMultiplyAdds, totalParameters, rows } = summary(new Shared(), [2, 4]);
    expect([totalMultiplyAdds, totalParameters]).toEqual([2 * 2 * 16, 20]);
    expect(rows[1]?.outputShapes).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  test.each<[string, () => number, number]>([
    ['grouped convolutions', () => summary(new Conv2d(4, 8, 3, { groups: 2 }), [1, 4, 8, 8]).totalMultiplyAdds, 8 * 36 * 2 * 9],
    ['transposed convolutions', () => summary(new ConvTranspose2d(4, 8, 3), [1, 4, 8, 8]).totalMultiplyAdds, 4 * 64 * 8 * 9],
    ['recurrent layers', () => summary(new LSTM(3, 5), [7, 2, 3]).totalMultiplyAdds, 7 * 2 * 4 * 5 * (3 + 5)],
  ])('counts %s', (_, count, expected) => {
    expect(count()).toBe(expected);
  });

  test('takes several inputs, and other dtypes', () => {
    expect(summary(new Embedding(10, 4), [2, 3], { dtypes: 'int32' }).rows[0]?.outputShapes).toEqual([[2, 3, 4]]);
    const shapes = [
      [5, 2, 8],
      [6, 2, 8],
      [6, 2, 8],
    ];
    const attention = summary(new MultiheadAttention(8, 2), shapes);
    // Projections in and out, then queries with keys and weights with values.
    expect(attention.totalMultiplyAdds).toBe((5 + 6 + 6 + 5) * 2 * 64 + 2 * 2 * 5 * 6 * 8);
  });

  test('shows so many levels as asked', () => {
    const nested = new Sequential(new Sequential(new Linear(2, 2)));
    expect(String(summary(nested, [1, 2], { depth: 1 }))).not.toContain('Linear');
    expect(String(summary(nested, [1, 2]))).toContain('    0 (Linear)');
  });

  test('tells frozen parameters', () => {
    const layer = new Linear(2, 2);
    layer.weight.requiresGrad = false;
    expect(summary(layer, [1, 2])).toMatchObject({ totalParameters: 6, trainableParameters: 2 });
  });

  test('refuses odd arguments, and passes on what a call throws', () => {
    expect(() => summary({} as never, [1])).toThrow('summary: model must be a module');
    expect(() => summary(new Linear(2, 2), [1.5, 2])).toThrow('summary: sizes must be whole numbers');
    expect(() => summary(new Linear(2, 2), 'x' as never)).toThrow("summary: inputShape must be an array of sizes, or of shapes; got 'x'");
    expect(() => summary(new Linear(2, 2), [1, 2], { depth: -1 })).toThrow('summary: depth must be a whole number from 0 up');
    expect(() => summary(new Linear(2, 2), [1, 2], { dtypes: 'int64' as never })).toThrow('summary: dtype must be one of');
    const layer = new Linear(2, 2);
    expect(() => summary(layer, [1, 3])).toThrow('linear: x must be');
    expect(layer(zeros([1, 2])).shape).toEqual([1, 2]);
  });
});
