import type { Shape, TensorSpec } from '@dl/tensor';
import { type ConvolutionPrimitives, type ParamsOf, sizeOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, output } from './table.ts';
import { type Coordinate, dimsOf, each, located, overTaps, overWindows, placeOf, windowNames, windowNumbers } from './windows.ts';

/** One thread a result, which adds up all its products. */
export const convolutionKernels: KernelTable<keyof ConvolutionPrimitives> = {
  convolution: ({ inputs: [x, weight], outputs: [y], params }) => [launch(convolutionProgram, y, { x, weight, y }, params)],
  convolutionInputGradient: ({ inputs: [y, weight], outputs: [x], params }) => [launch(inputGradientProgram, x, { x, weight, y }, params)],
  convolutionWeightGradient: ({ inputs: [y, x], outputs: [weight], params }) => [
    launch(weightGradientProgram, weight, { x, weight, y }, params),
  ],
};

/** The three that a convolution connects: a gradient has the place of what it is the gradient of. */
interface Connected {
  readonly x: TensorSpec;
  readonly weight: TensorSpec;
  readonly y: TensorSpec;
}

function launch(
  program: (rank: number) => Program,
  target: TensorSpec,
  { x, weight, y }: Connected,
  params: ParamsOf<'convolution'>,
): KernelLaunch {
  const spatial = ({ shape }: TensorSpec): Shape => shape.slice(2);
  const [outputs = 1, depth = 1, ...kernel] = weight.shape;
  const planes = { elements: spatial(x), windows: spatial(y), kernel };
  return {
    program: program(kernel.length),
    size: sizeOf(target.shape),
    arrays: [input(0), input(1)],
    numbers: [...windowNumbers(planes, params), x.shape[0] ?? 1, x.shape[1] ?? 1, outputs, depth, outputs / params.groups],
    target: output(0),
  };
}

const integers = (rank: number): string[] => [...windowNames(rank), 'images', 'inputs', 'outputs', 'depth', 'perGroup'];

const inX = (rank: number): readonly Coordinate[] => [['image', 'images'], ['channel', 'inputs'], ...each(rank, 'at', 'elements')];
const inY = (rank: number): readonly Coordinate[] => [['image', 'images'], ['filter', 'outputs'], ...each(rank, 'window', 'windows')];
const inWeight = (rank: number): readonly Coordinate[] => [['filter', 'outputs'], ['part', 'depth'], ...each(rank, 'tap', 'kernel')];

function convolutionProgram(rank: number): Program {
  const add = `total = total + x[${placeOf(inX(rank))}] * weight[${placeOf(inWeight(rank))}];`;
  return {
    key: `convolution/${rank}`,
    arrays: ['x', 'weight'],
    integers: integers(rank),
    floats: [],
    body: `${located(inY(rank))}
      const group = idiv(filter, perGroup);
      let total = 0.0;
      for (let part = 0; part < depth; part++) {
        const channel = group * depth + part;
        ${overTaps(rank, add)}
      }
      return total;`,
  };
}

function inputGradientProgram(rank: number): Program {
  const add = `total = total + gradient[${placeOf(inY(rank))}] * weight[${placeOf(inWeight(rank))}];`;
  return {
    key: `convolutionInputGradient/${rank}`,
    arrays: ['gradient', 'weight'],
    integers: integers(rank),
    floats: [],
    body: `${located(inX(rank))}
      const group = idiv(channel, depth);
      const part = channel - group * depth;
      let total = 0.0;
      for (let member = 0; member < perGroup; member++) {
        const filter = group * perGroup + member;
        ${overWindows(rank, add)}
      }
      return total;`,
  };
}

function weightGradientProgram(rank: number): Program {
  const add = `total = total + gradient[${placeOf(inY(rank))}] * x[${placeOf(inX(rank))}];`;
  const overPlaces = dimsOf(rank).reduceRight(
    (inner, dim) => `for (let window${dim} = 0; window${dim} < windows${dim}; window${dim}++) {
      const at${dim} = window${dim} * stride${dim} - padding${dim} + tap${dim} * dilation${dim};
      if (at${dim} >= 0 && at${dim} < elements${dim}) {
        ${inner}
      }
    }`,
    add,
  );
  return {
    key: `convolutionWeightGradient/${rank}`,
    arrays: ['gradient', 'x'],
    integers: integers(rank),
    floats: [],
    body: `${located(inWeight(rank))}
      const channel = idiv(filter, perGroup) * depth + part;
      let total = 0.0;
      for (let image = 0; image < images; image++) {
        ${overPlaces}
      }
      return total;`,
  };
}
