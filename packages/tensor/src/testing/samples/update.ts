import type { UpdatePrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { noise } from '../make.ts';

type Input = { readonly shape: Shape; readonly dtype?: 'float32' | 'float64' };
type Adam = Sample<'adam'>;
type Amsgrad = Sample<'adamAmsgrad'>;

const flat = { differentiable: [] } as const;
/** `1 - beta2` is known to five digits in float32, where it is not computed in float64. */
const tolerance = 2e-5;

/** Parameter, gradient, a moment of any sign, and second moments, which are not negative. */
const tensors = ({ shape, dtype = 'float32' }: Input): [SampleInput, SampleInput, SampleInput, SampleInput, SampleInput] => [
  noise(shape, { dtype }),
  noise(shape, { dtype, seed: 2 }),
  noise(shape, { dtype, seed: 3 }),
  noise(shape, { dtype, seed: 4, least: 0, most: 1 }),
  noise(shape, { dtype, seed: 5, least: 0.25, most: 0.75 }),
];

const sgd = (title: string, input: Input, lr: number, weightDecay: number): Sample<'sgd'> => {
  const [parameter, gradient] = tensors(input);
  return { title, inputs: [parameter, gradient], params: {}, scalars: [lr, weightDecay], ...flat };
};

const momentum = (title: string, input: Input, nesterov: boolean, scalars: Sample<'sgdMomentum'>['scalars']): Sample<'sgdMomentum'> => {
  const [parameter, gradient, buffer] = tensors(input);
  return { title, inputs: [parameter, gradient, buffer], params: { nesterov }, scalars, ...flat };
};

const adamScalars = (step: number, weightDecay = 0): Adam['scalars'] => [
  0.001,
  weightDecay,
  0.9,
  0.999,
  1e-8,
  1 - 0.9 ** step,
  1 - 0.999 ** step,
];

const adam = (title: string, input: Input, scalars: Adam['scalars'], decoupled = false): Adam => {
  const [parameter, gradient, expAvg, expAvgSq] = tensors(input);
  return { title, inputs: [parameter, gradient, expAvg, expAvgSq], params: { decoupled }, scalars, tolerance, ...flat };
};

const amsgrad = (title: string, input: Input, scalars: Adam['scalars'], decoupled = false): Amsgrad => ({
  title,
  inputs: tensors(input),
  params: { decoupled },
  scalars,
  tolerance,
  ...flat,
});

const matrix: Input = { shape: [3, 5] };
const float64: Input = { shape: [7], dtype: 'float64' };

export const updateSamples: SampleTable<keyof UpdatePrimitives> = {
  sgd: [
    sgd('plain', matrix, 0.1, 0),
    sgd('weight decay', matrix, 0.1, 0.01),
    sgd('a scalar', { shape: [] }, 0.5, 0),
    sgd('no elements', { shape: [0] }, 0.5, 0),
    sgd('float64', float64, 0.1, 0.01),
  ],
  sgdMomentum: [
    momentum('momentum', matrix, false, [0.1, 0, 0.9, 0]),
    momentum('weight decay and dampening', matrix, false, [0.1, 0.01, 0.9, 0.5]),
    momentum('nesterov', matrix, true, [0.1, 0, 0.9, 0]),
    momentum('nesterov with weight decay', matrix, true, [0.1, 0.01, 0.5, 0]),
    momentum('float64', float64, true, [0.1, 0.01, 0.9, 0]),
  ],
  adam: [
    adam('the first step', matrix, adamScalars(1)),
    adam('the thousandth step', matrix, adamScalars(1000)),
    adam('weight decay in the gradient', matrix, adamScalars(2, 0.1)),
    adam('weight decay of its own', matrix, adamScalars(2, 0.1), true),
    adam('a scalar', { shape: [] }, adamScalars(3)),
    adam('float64', float64, adamScalars(3, 0.1)),
  ],
  adamAmsgrad: [
    amsgrad('the first step', matrix, adamScalars(1)),
    amsgrad('weight decay in the gradient', matrix, adamScalars(2, 0.1)),
    amsgrad('weight decay of its own', matrix, adamScalars(2, 0.1), true),
    amsgrad('float64', float64, adamScalars(3, 0.1), true),
  ],
};
