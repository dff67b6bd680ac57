import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type Module } from '@dl/nn';
import { ArgumentError, evaluate, onesLike, Tensor, zerosLike } from '@dl/tensor';
import { describe, withGradMode } from '@dl/tensor/internal';

/** What `updateBn` reads: inputs, or lists that begin with one. */
type Batches = AsyncIterable<Tensor | readonly unknown[]> | Iterable<Tensor | readonly unknown[]>;
type BatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;

/**
 * Computes the running statistics of batch normalisations anew, as means over all batches of a loader: averaged weights need statistics of
 * their own. PyTorch: `torch.optim.swa_utils.update_bn`.
 *
 * @throws ArgumentError for a batch that is neither a tensor nor a list that begins with one.
 * @example await updateBn(trainLoader, averagedModel);
 */
export async function updateBn(loader: Batches, model: Module & ((x: Tensor) => unknown)): Promise<void> {
  const layers = model.modules().filter(isBatchNorm);
  if (layers.length === 0) return;
  const momenta = layers.map(({ momentum }) => momentum);
  const training = model.modules().map((module) => [module, module.training] as const);
  for (const layer of layers) forget(layer);
  model.train();
  try {
    for await (const batch of loader) {
      const x = inputOf(batch);
      withGradMode('updateBn', false, () => model(x));
      await evaluate(...layers.flatMap(statisticsOf));
    }
  } finally {
    layers.forEach((layer, i) => {
      Reflect.set(layer, 'momentum', momenta[i]);
    });
    for (const [module, mode] of training) module.training = mode;
  }
}

function isBatchNorm(module: Module): module is BatchNorm {
  return module instanceof BatchNorm1d || module instanceof BatchNorm2d || module instanceof BatchNorm3d;
}

/** Statistics as at first, to become means over all batches. */
function forget(layer: BatchNorm): void {
  const { runningMean, runningVar, numBatchesTracked } = layer;
  runningMean?.assign(zerosLike(runningMean));
  runningVar?.assign(onesLike(runningVar));
  numBatchesTracked?.assign(zerosLike(numBatchesTracked));
  Reflect.set(layer, 'momentum', null);
}

function statisticsOf({ runningMean, runningVar, numBatchesTracked }: BatchNorm): readonly Tensor[] {
  return [runningMean, runningVar, numBatchesTracked].flatMap((tensor) => (tensor === null ? [] : [tensor]));
}

function inputOf(batch: unknown): Tensor {
  const first: unknown = Array.isArray(batch) ? batch[0] : batch;
  if (first instanceof Tensor) return first;
  throw new ArgumentError(`updateBn: a batch must be a tensor, or a list that begins with one; got ${describe(batch)}`);
}
