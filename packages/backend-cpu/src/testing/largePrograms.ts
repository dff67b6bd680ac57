import { cat, conv2d, maxPool2d, randint, randn, scaledDotProductAttention, type Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { largeGradients } from './largeGradients.ts';

/** Programs large enough that several threads share each kernel's work. */
export const largePrograms: Readonly<Record<string, () => readonly Tensor[]>> = {
  'elementwise chains': () => {
    const x = randn([300, 1001]);
    const y = x
      .mul(x)
      .add(randn([1001]))
      .tanh();
    return [y, y.gt(0)];
  },
  reductions: () => {
    const x = randn([300, 1001]);
    return [x.sum(), x.sum({ dim: 0 }), x.amax({ dim: 1 }), x.mul(x).sum({ dim: 0 }), x.cumsum({ dim: 1 })];
  },
  'matrix products': () => {
    const a = randn([333, 257]);
    const b = randn([257, 301]);
    return [
      a.matmul(b),
      a
        .matmul(b)
        .add(randn([301]))
        .relu(),
      b.permute([1, 0]).matmul(a.permute([1, 0])),
      a.matmul(b.sum({ dim: 1 })),
    ];
  },
  'convolution and pooling': () => {
    const x = randn([8, 3, 33, 35]);
    const weight = randn([16, 3, 3, 3]);
    const y = conv2d(x, weight, { padding: 1 });
    const params = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 };
    return [
      y,
      maxPool2d(y, 2),
      apply('convolutionInputGradient', [y, weight], { ...params, inputSize: [33, 35] }, []),
      apply('convolutionWeightGradient', [y, x], { ...params, kernelSize: [3, 3] }, []),
    ];
  },
  'softmax and normalization': () => {
    const x = randn([513, 300]);
    const [output, mean, rstd] = apply('layerNorm', [x, randn([300]), randn([300])], { dims: 1 }, [1e-5]);
    const gradients = apply('layerNormGradient', [randn([513, 300]), x, randn([300]), mean, rstd], { dims: 1 }, []);
    const labels = randint(0, 300, [513]);
    const entropy = apply('crossEntropy', [x, labels], { ignoreIndex: -100 }, []);
    return [
      x.softmax(1),
      x.logSoftmax(0),
      output,
      ...gradients,
      entropy,
      ...apply('batchNorm', [x, randn([300]), randn([300])], {}, [1e-5]),
    ];
  },
  sequences: () => {
    const [T, B, H] = [9, 37, 40];
    const forward = apply('lstm', [randn([T, B, 4 * H]), randn([B, H]), randn([B, H]), randn([4 * H, H])], { reverse: false }, []);
    const [output, activations] = apply('gru', [randn([T, B, 3 * H]), randn([B, H]), randn([3 * H, H]), randn([H])], { reverse: true }, []);
    return [...forward, output, activations];
  },
  attention: () => {
    const [query, key, value] = [randn([6, 100, 24]), randn([6, 77, 24]), randn([6, 77, 24])];
    return [scaledDotProductAttention(query, key, value), scaledDotProductAttention(query, key, value, { dropoutP: 0.2, isCausal: true })];
  },
  'gathering and adding up': () => {
    const table = randn([500, 64]);
    const index = randint(0, 500, [3000]);
    return [table.indexSelect(0, index), table.indexAdd(0, index, randn([3000, 64])), randn([100_000]).sort()[0]];
  },
  'lines longer than a piece': () => {
    const x = randn([2, 100_003]);
    const whole = randint(-1000, 1000, [2, 70_000]);
    return [
      x.cumsum({ dim: 1 }),
      x.cumsum({ dim: 0 }),
      whole.cumsum({ dim: 1 }),
      ...apply('sort', [x], { dim: 1, descending: true }, []),
      ...apply('sort', [x.to('float64')], { dim: 1, descending: false }, []),
      ...apply('sort', [whole], { dim: 1, descending: false }, []),
      ...apply('sort', [randn([600, 3, 40])], { dim: 1, descending: false }, []),
      x.argmax({ dim: 1 }),
      x.prod(),
      whole.sum(),
    ];
  },
  'products of other kinds': () => [
    randn([16, 30_000]).matmul(randn([30_000, 16])),
    randn([3, 30_000]).matmul(randn([30_000, 70])),
    randn([5, 70, 80]).matmul(randn([80, 90])),
    randn([150, 160])
      .to('float64')
      .matmul(randn([160, 170]).to('float64')),
    randint(-9, 9, [150, 160]).matmul(randint(-9, 9, [160, 170])),
  ],
  'elements that move': () => {
    const x = randn([90, 41, 50]);
    const index = randint(0, 90, [70, 41, 50]);
    return [
      x.permute([2, 0, 1]).add(0),
      x.permute([0, 2, 1]).mul(2),
      cat([x, x.mul(2)], { dim: 1 }),
      x.flip([1]),
      apply('gather', [x, index], { dim: 0 }, []),
      apply('scatter', [x, index, randn([70, 41, 50])], { dim: 0 }, []),
      apply('scatterAdd', [x, index, randn([70, 41, 50])], { dim: 0 }, []),
      apply('indexAdd', [randn([9, 40_000]), randint(0, 9, [30]), randn([30, 40_000])], { dim: 0 }, []),
      apply('indexAdd', [randn([3, 20_000]), randint(0, 20_000, [50_000]), randn([3, 50_000])], { dim: 1 }, []),
      apply('pad', [x], { shape: [95, 50, 105], steps: [1, 1, 2] }, [2, 3, 4]),
    ];
  },
  ...largeGradients,
};
