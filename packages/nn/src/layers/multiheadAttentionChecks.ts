import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, checkTensor, formatShape, sameShape } from '@dl/tensor/internal';
import { checkInputs, checkProbability } from '../functional/checks.ts';
import type { AttentionCallOptions, MultiheadAttention } from './multiheadAttention.ts';
import type { Inputs } from './multiheadAttentionProjections.ts';

/** As errors name the layer. */
export const caller = 'MultiheadAttention';

/** Refuses what the constructor cannot take. */
export function checkSizes(sizes: Readonly<Record<'embedDim' | 'numHeads' | 'kdim' | 'vdim', number>>, dropout: number): void {
  for (const [name, size] of Object.entries(sizes)) checkInteger(caller, name, size, 1);
  const { embedDim, numHeads } = sizes;
  if (embedDim % numHeads !== 0)
    throw new ArgumentError(`${caller}: numHeads must divide embedDim; got embedDim ${embedDim} and numHeads ${numHeads}`);
  checkProbability(caller, 'dropout', dropout);
}

/** Refuses inputs and options that do not fit the layer; masks are checked where they are merged. */
export function checkCall(layer: MultiheadAttention, inputs: Inputs, options: AttentionCallOptions): void {
  const { query, key, value } = inputs;
  checkInputs(caller, { query, key, value });
  checkRanks(inputs);
  checkWidths(layer, inputs);
  const time = query.ndim === 2 || !layer.batchFirst ? 0 : 1;
  if (!sameShape(key.shape.slice(0, -1), value.shape.slice(0, -1)))
    throw new ShapeError(
      `${caller}: there must be one value for each key; got key ${formatShape(key.shape)}, value ${formatShape(value.shape)}`,
    );
  if (query.ndim === 3 && query.size(1 - time) !== key.size(1 - time))
    throw new ShapeError(`${caller}: batches must be of one size; got query ${formatShape(query.shape)} and key ${formatShape(key.shape)}`);
  checkOptions(layer, query, options);
}

// ---------------------------------------------------------------------------------------------------------------------

function checkRanks({ query, key, value }: Inputs): void {
  const isOne = query.ndim === key.ndim && query.ndim === value.ndim;
  if (isOne && (query.ndim === 2 || query.ndim === 3)) return;
  const shapes = [query, key, value].map(({ shape }) => formatShape(shape)).join(', ');
  throw new ShapeError(`${caller}: query, key and value must all have 3 dims, or 2 without a batch; got ${shapes}`);
}

function checkWidths({ embedDim, kdim, vdim }: MultiheadAttention, inputs: Inputs): void {
  const widths = { query: ['embedDim', embedDim], key: ['kdim', kdim], value: ['vdim', vdim] } as const;
  for (const name of ['query', 'key', 'value'] as const) {
    const [option, width] = widths[name];
    const { shape } = inputs[name];
    if (shape.at(-1) !== width)
      throw new ShapeError(`${caller}: the last dim of ${name} must be ${option}, ${width}; got ${formatShape(shape)}`);
  }
}

function checkOptions(layer: MultiheadAttention, query: Tensor, options: AttentionCallOptions): void {
  const { attnMask = null, keyPaddingMask = null, isCausal = false, cache = null } = options;
  if (cache !== null && (attnMask !== null || keyPaddingMask !== null || isCausal))
    throw new ArgumentError(`${caller}: a cache hides what is to come by itself; got masks or isCausal with it. Leave them out`);
  if (cache !== null && (layer.biasK !== null || layer.addZeroAttn))
    throw new ArgumentError(`${caller}: a cache must not be used with addBiasKv or addZeroAttn; got both`);
  if (isCausal && attnMask === null) {
    throw new ArgumentError(
      `${caller}: isCausal tells that attnMask is the causal mask; got none. Pass attnMask: Transformer.generateSquareSubsequentMask(T)`,
    );
  }
  if (keyPaddingMask === null) return;
  checkTensor(caller, 'keyPaddingMask', keyPaddingMask);
  if (keyPaddingMask.ndim !== query.ndim - 1) {
    throw new ShapeError(
      `${caller}: keyPaddingMask must be ${query.ndim === 3 ? '[B, S]' : '[S]'}; got ${formatShape(keyPaddingMask.shape)} for query ${formatShape(query.shape)}`,
    );
  }
}
