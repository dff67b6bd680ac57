import { type Shape, sizeOf } from '../shape.ts';
import type { PrimitiveName } from './signatures.ts';
import type { InputsOf, ParamsOf } from './tables.ts';

/** Output 0 has the elements of input 0, in the same order: it needs no memory of its own. */
export const views: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>(['reshape', 'detach', 'withGradient']);

/** An output may lie where the input of the same shape lies: each element is read before it is written. */
export const inPlace: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'sgd',
  'sgdMomentum',
  'adam',
  'adamAmsgrad',
  'add',
  'sub',
  'mul',
  'div',
  'where',
]);

/** Gradients end here. */
export const stopsGradient: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>(['detach']);

/** Primitives that read indices or labels: the only ones that can fail while they run. */
export type IndexedName =
  | 'gather'
  | 'scatter'
  | 'scatterAdd'
  | 'indexSelect'
  | 'indexAdd'
  | 'maxPoolGradient'
  | 'crossEntropy'
  | 'crossEntropyGradient';

/** Which input holds indices, what they index, and how errors call them. */
export interface IndexCheck {
  readonly input: number;
  readonly noun: string;
  /** Indices must be in [0, limit) … */
  readonly limit: number;
  /** … or this one. */
  readonly ignored: number | null;
  /** What they point into, as errors call it. */
  readonly place: string;
}
interface Shaped {
  readonly shape: Shape;
}
type IndexRule<N extends PrimitiveName> = (inputs: InputsOf<N, Shaped>, params: ParamsOf<N>) => IndexCheck;

const alongDim = ([x]: readonly [Shaped, ...Shaped[]], { dim }: { readonly dim: number }): IndexCheck => ({
  input: 1,
  noun: 'index',
  limit: sizeAt(x.shape, dim),
  ignored: null,
  place: `dim ${dim} of size ${sizeAt(x.shape, dim)}`,
});

const labels = (input: number, { shape }: Shaped, ignoreIndex: number): IndexCheck => ({
  input,
  noun: 'label',
  limit: sizeAt(shape, 1),
  ignored: ignoreIndex,
  place: `${sizeAt(shape, 1)} classes`,
});

export const indexRules: { readonly [N in IndexedName]: IndexRule<N> } = {
  gather: alongDim,
  scatter: alongDim,
  scatterAdd: alongDim,
  indexSelect: alongDim,
  indexAdd: alongDim,
  maxPoolGradient: (_inputs, { inputSize }) => ({
    input: 1,
    noun: 'index',
    limit: sizeOf(inputSize),
    ignored: null,
    place: `a plane of ${sizeOf(inputSize)} elements`,
  }),
  crossEntropy: ([logits], { ignoreIndex }) => labels(1, logits, ignoreIndex),
  crossEntropyGradient: ([, logits], { ignoreIndex }) => labels(2, logits, ignoreIndex),
};

/** The index check of a primitive, or `null` for one that reads no indices. */
export function indexCheckOf(primitive: PrimitiveName, inputs: readonly Shaped[], params: object): IndexCheck | null {
  return isIndexed(primitive) ? indexRules[primitive](inputs as never, params as never) : null;
}

/** Whether a primitive can fail while it runs. */
export function isIndexed(primitive: PrimitiveName): primitive is IndexedName {
  return Object.hasOwn(indexRules, primitive);
}

function sizeAt(shape: Shape, dim: number): number {
  return shape[dim] ?? 1;
}
