import { randint, randn, type Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';

const window = { stride: [2, 2], padding: [1, 1], dilation: [1, 1], kernelSize: [3, 3], ceilMode: false };
const average = { stride: [2, 2], padding: [1, 1], kernelSize: [3, 3], ceilMode: true, countIncludePad: false, divisorOverride: null };
const adam = [1e-3, 0.01, 0.9, 0.999, 1e-8, 0.1, 0.001] as const;
const philox = [1, 2, 3, 4] as const;

/** Gradients and updates large enough that several threads share each kernel's work. */
export const largeGradients: Readonly<Record<string, () => readonly Tensor[]>> = {
  'gradients of convolutions': () => [
    ...convolutions([6, 12, 31, 33], [24, 12, 3, 3], { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 1 }),
    ...convolutions([4, 32, 20, 21], [32, 1, 3, 3], { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 32 }),
    ...convolutions([4, 64, 9, 10], [96, 64, 1, 1], { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }),
    ...convolutions([5, 6, 400], [8, 3, 5], { stride: [3], padding: [2], dilation: [1], groups: 2 }),
    ...convolutions([2, 3, 9, 10, 11], [4, 3, 3, 3, 3], { stride: [1, 1, 1], padding: [1, 1, 1], dilation: [1, 1, 1], groups: 1 }),
    ...convolutions([2, 1, 40, 41], [3, 1, 5, 5], { stride: [1, 1], padding: [2, 2], dilation: [1, 1], groups: 1 }),
  ],
  'pooling with gaps and overlaps': () => {
    const x = randn([4, 20, 33, 35]);
    const [output, indices] = apply('maxPool', [x], window, []);
    const mean = apply('avgPool', [x], average, []);
    return [
      output,
      apply('maxPoolGradient', [randn(output.shape), indices], { inputSize: [33, 35] }, []),
      mean,
      apply('avgPoolGradient', [randn(mean.shape)], { ...average, inputSize: [33, 35] }, []),
    ];
  },
  'gradients of normalization': () => [
    ...batchNormOf([16, 24, 30, 31]),
    ...batchNormOf([2000, 64, 1]),
    ...batchNormOf([3, 2, 40_000]),
    apply('softmaxGradient', [randn([700, 130]), randn([700, 130])], { dim: 1 }, []),
    apply('logSoftmaxGradient', [randn([700, 130]), randn([700, 130])], { dim: 0 }, []),
    apply('crossEntropyGradient', [randn([700]), randn([700, 130]), randint(0, 130, [700])], { ignoreIndex: -100 }, []),
  ],
  'gradients of sequences': () => {
    const [T, B, H] = [7, 37, 40];
    const reverse = { reverse: true } as const;
    const state = [T, B, H];
    const lstm = [randn(state), randn(state), randn([B, H]), randn(state), randn([T, B, 4 * H]), randn([4 * H, H])] as const;
    const gru = [randn(state), randn([B, H]), randn(state), randn([T, B, 4 * H]), randn([3 * H, H])] as const;
    const rnn = apply('rnn', [randn(state), randn([B, H]), randn([H, H])], { ...reverse, nonlinearity: 'relu' }, []);
    return [
      ...apply('lstmGradient', [...lstm], { reverse: false }, []),
      ...apply('gruGradient', [...gru], reverse, []),
      rnn,
      ...apply('rnnGradient', [randn(state), rnn, randn([H, H])], { ...reverse, nonlinearity: 'relu' }, []),
    ];
  },
  'gradients of attention': () =>
    [
      [3, 200, 300],
      [1, 70, 900],
    ].flatMap(([heads = 1, rows = 1, columns = 1]) => {
      const [query, key, value] = [randn([heads, rows, 24]), randn([heads, columns, 24]), randn([heads, columns, 24])];
      const [params, scalars] = [{ causal: rows > 100, dropout: true }, [0.2, 0.1, ...philox]] as const;
      const [output, logSumExp] = apply('attention', [query, key, value], params, scalars);
      const gradient = randn([heads, rows, 24]);
      return [output, ...apply('attentionGradient', [gradient, query, key, value, output, logSumExp], params, scalars)];
    }),
  updates: () => {
    const x = (): Tensor => randn([50_001]);
    const square = (): Tensor => x().mul(x()).abs();
    return [
      apply('sgd', [x(), x()], {}, [0.1, 0.01]),
      ...apply('sgdMomentum', [x(), x(), x()], { nesterov: true }, [0.1, 0.01, 0.9, 0]),
      ...apply('adam', [x(), x(), x(), square()], { decoupled: true }, adam),
      ...apply('adamAmsgrad', [x(), x(), x(), square(), square()], { decoupled: false }, adam),
      apply('dropout', [x()], {}, [0.3, ...philox]),
    ];
  },
};

type Params = { stride: number[]; padding: number[]; dilation: number[]; groups: number };

/** A convolution and both of its gradients. */
function convolutions(input: readonly number[], kernel: readonly number[], params: Params): readonly Tensor[] {
  const [x, weight] = [randn(input), randn(kernel)];
  const output = apply('convolution', [x, weight], params, []);
  const gradient = randn(output.shape);
  return [
    output,
    apply('convolutionInputGradient', [gradient, weight], { ...params, inputSize: input.slice(2) }, []),
    apply('convolutionWeightGradient', [gradient, x], { ...params, kernelSize: kernel.slice(2) }, []),
  ];
}

function batchNormOf(shape: readonly number[]): readonly Tensor[] {
  const [x, weight, bias] = [randn(shape), randn([shape[1] ?? 1]), randn([shape[1] ?? 1])];
  const [output, mean, variance] = apply('batchNorm', [x, weight, bias], {}, [1e-5]);
  return [output, mean, variance, ...apply('batchNormGradient', [randn(shape), x, weight, mean, variance], {}, [1e-5])];
}
