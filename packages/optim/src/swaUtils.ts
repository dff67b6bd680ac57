/** Averages of models over training. PyTorch: `torch.optim.swa_utils`. */
export { AveragedModel, type AveragedModelOptions } from './swa/averagedModel.ts';
export { type AvgFn, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, type MultiAvgFn } from './swa/averages.ts';
export { SWALR, type SWALROptions } from './swa/swaLr.ts';
export { updateBn } from './swa/updateBn.ts';
