/** Helpers of modules. PyTorch: `torch.nn.utils`. Its `clipGradNorm` and `clipGradValue` are functions of `@dl/optim`: only who steps needs them. */
export * as parametrizations from './utils/parametrizations.ts';
export * as parametrize from './utils/parametrize.ts';
export * as rnn from './utils/rnn.ts';
export { removeSpectralNorm, spectralNorm } from './utils/spectralNorm.ts';
export type { SpectralNormOptions } from './utils/spectralNormalization.ts';
export { parametersToVector, vectorToParameters } from './utils/vector.ts';
export { removeWeightNorm, type WeightNormOptions, weightNorm } from './utils/weightNorm.ts';
