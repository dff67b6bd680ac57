import { adaptiveSoftmaxes } from './adaptiveSoftmax.ts';
import { eachElement, greatestElement } from './compare.ts';
import { ctcLosses } from './ctc.ts';
import { fractionalPooling } from './fractionalPooling.ts';
import { functions } from './functions.ts';
import { type GoldenSet, goldenSet } from './golden.ts';
import { layers, parametrizedLayers } from './modules.ts';
import { recurrentLayers } from './recurrent.ts';
import { attentiveLayers } from './transformers.ts';

/** Some tens of roundings of 6e-8 at most: PyTorch sums in float32, and so do we, in another order. */
const shortSums = { tolerance: 2e-6, compare: eachElement };
/** Sums over time steps, gates and rows of either sign; power iterations, exponentials and inverses. */
const longSums = { tolerance: 1e-5, compare: eachElement };
/** Several layers, in whose derivatives small elements are differences of great ones. */
const deepInSingle = { tolerance: 1e-5, compare: greatestElement };
/** The same in double precision; PyTorch's numbers are written with the digits of float32. */
const deepInDouble = { tolerance: 2e-7, compare: greatestElement, dtype: 'float64' } as const;

/** Every file in which PyTorch has recorded numbers of this package, and how near ours have to be. */
export const goldenSets: readonly GoldenSet[] = [
  ...[
    'activations',
    'layers',
    'losses',
    'normalization',
    'dropouts',
    'embeddings',
    'losses2',
    'convolutions',
    'pooling',
    'padding',
    'upsampling',
  ].map((file) => goldenSet(file, shortSums, layers)),
  goldenSet('fractionalPooling', shortSums, fractionalPooling),
  goldenSet('parametrizations', longSums, parametrizedLayers),
  goldenSet('ctc', longSums, ctcLosses),
  goldenSet('functions', longSums, functions),
  goldenSet('adaptive', longSums, adaptiveSoftmaxes),
  ...['recurrentPlain', 'recurrentLstm', 'recurrentGru'].map((file) => goldenSet(file, longSums, recurrentLayers)),
  ...['attention', 'transformers'].flatMap((file) => [
    goldenSet(file, { ...deepInDouble, title: `${file} in float64` }, attentiveLayers('float64')),
    goldenSet(file, deepInSingle, attentiveLayers('float32')),
  ]),
];
