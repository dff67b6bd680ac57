import { conv2d, maxPool2d, randint, randn, scaledDotProductAttention, type Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';

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
};
