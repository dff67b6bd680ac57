/** What sister packages need and users do not. No promise of stability. */
export { apply, inferSpecs, unobserved } from './apply.ts';
export { checkDType, checkFinite, checkFloating, checkInteger, checkNumber, checkOneOf, checkTensor, describe } from './checks.ts';
export { allocate, bytesOf, dtypeOf, isFloating, isIntegral, promoteNumber, promoteTypes, viewOf } from './dtype.ts';
export { internalError } from './errors.ts';
export { startEvaluation } from './evaluation/evaluate.ts';
export { drainRuns, handled } from './evaluation/runs.ts';
export {
  assign,
  claimGradient,
  heldTensors,
  own,
  releaseGradient,
  replace,
  stateTensor,
  type TensorHolder,
  withCallFrame,
} from './evaluation/state.ts';
export { convolve, convolveTransposed } from './functions/convolution.ts';
export { avgPool, maxPool } from './functions/pooling.ts';
export { eachDim } from './functions/windows.ts';
export { isGradEnabled, isPromise, withGradMode } from './gradMode.ts';
export type { Graph, GraphValue, Instruction, Location, OutputBuffer } from './graph/graph.ts';
export { leafValue, Node, type Pullback, Storage, tie, untie, Value } from './graph/node.ts';
export { type Layout, type Lifetime, layOut } from './graph/passes/layout.ts';
export { planCacheOf } from './graph/planCache.ts';
export { freshStamp } from './graph/walk.ts';
export { fillUniform } from './philox.ts';
export { checkIndices, indexError } from './primitives/checkIndices.ts';
export { decompositions } from './primitives/decompositions/index.ts';
export { type IndexCheck, indexCheckOf, isIndexed, stopsGradient, views } from './primitives/properties.ts';
export { shapeRules } from './primitives/shapes/index.ts';
export { reachOf, type Steps, spreadOf, stepsAlong } from './primitives/shapes/windows.ts';
export type * from './primitives/signatures.ts';
export type * from './primitives/tables.ts';
export { referenceKernels } from './reference/index.ts';
export { broadcastShapes, checkShape, formatShape, normalizeDim, normalizeDims, sameShape, sizeOf, stridesOf } from './shape.ts';
export type { BackwardOptions, GradientEngine } from './tensor.ts';
