export { deferred } from './deferredBackend.ts';
export { difference, greatestDifference, type Numbers } from './difference.ts';
export { fromGolden, type GoldenTensor } from './golden.ts';
export { type AnyLine, graphOf, graphOfAny, type Line, type Root } from './graphOf.ts';
export { boolNoise, given, type NoiseOptions, noise, wholeNoise } from './make.ts';
export { type AnySample, primitiveNames, runSample, samplesOf } from './runSample.ts';
export { samples } from './samples/index.ts';
export { tensorOf, typedArrayOf } from './tensorOf.ts';
