import type { Backend } from './backend.ts';
import { currentBackend } from './currentBackend.ts';
import { isIntegral, type TypedArray } from './dtype.ts';
import { leafValue, Storage } from './graph/node.ts';
import type { TensorSpec } from './shape.ts';
import { Tensor } from './tensor.ts';

/** A tensor whose elements are there from the start. The array belongs to it for good; integers stay at hand for checks of indices. */
export function leafTensor(spec: TensorSpec, data: TypedArray, backend: Backend = currentBackend()): Tensor {
  const buffer = backend.upload(spec, data);
  return new Tensor(leafValue(spec, new Storage(buffer, false, isIntegral(spec.dtype) ? data : null)));
}
