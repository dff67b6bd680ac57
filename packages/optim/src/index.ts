export { Adam, type AdamOptions, AdamW } from './adam.ts';
export { type ClipGradNormOptions, clipGradNorm } from './clipGradNorm.ts';
export { clipGradValue } from './clipGradValue.ts';
export { Optimizer, type ZeroGradOptions } from './optimizer.ts';
export type { ParameterState, Update } from './parameterState.ts';
export type { ParamGroup, ParamGroupInput, Params } from './paramGroups.ts';
export { SGD, type SGDOptions } from './sgd.ts';
export type { OptimizerStateDict } from './stateDict.ts';
