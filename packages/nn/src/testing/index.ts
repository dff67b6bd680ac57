export { type Compare, compareAll, compareList, eachElement, greatestElement, same } from './compare.ts';
export { type Golden, type GoldenSet, goldenSet, type Recorded } from './golden.ts';
export { goldenSets } from './goldenSets.ts';
export { fromJson, type TensorJson } from './tensorJson.ts';
