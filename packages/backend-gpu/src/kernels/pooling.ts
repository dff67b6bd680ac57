import type { Shape, TensorSpec } from '@dl/tensor';
import { type ParamsOf, type PoolingPrimitives, sizeOf } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, output, type Place } from './table.ts';
import {
  type Coordinate,
  dimsOf,
  each,
  located,
  overTaps,
  overWindows,
  placeOf,
  planeSize,
  windowNames,
  windowNumbers,
} from './windows.ts';

/** One thread a result. */
export const poolingKernels: KernelTable<keyof PoolingPrimitives> = {
  maxPool: ({ inputs: [x], outputs: [y], params }) => [
    maxLaunch('maximum', x, y, params, output(0)),
    maxLaunch('place', x, y, params, output(1)),
  ],
  maxPoolGradient: ({ inputs: [gradient], outputs: [target] }) => [
    {
      program: maxGradientProgram,
      size: sizeOf(target.shape),
      arrays: [input(0), input(1)],
      numbers: [planeSize(target.shape), planeSize(gradient.shape)],
      target: output(0),
    },
  ],
  avgPool: ({ inputs: [x], outputs: [y], params }) => [averageLaunch(averageProgram, x.shape, y.shape, y, params)],
  avgPoolGradient: ({ inputs: [y], outputs: [x], params }) => [averageLaunch(averageGradientProgram, x.shape, y.shape, x, params)],
};

type Average = ParamsOf<'avgPool'>;

const inX = (rank: number): readonly Coordinate[] => [['plane', ''], ...each(rank, 'at', 'elements')];
const inY = (rank: number): readonly Coordinate[] => [['plane', ''], ...each(rank, 'window', 'windows')];

function maxLaunch(result: 'maximum' | 'place', x: TensorSpec, y: TensorSpec, params: ParamsOf<'maxPool'>, target: Place): KernelLaunch {
  const planes = { elements: x.shape.slice(2), windows: y.shape.slice(2), kernel: params.kernelSize };
  return {
    program: maxProgram(params.kernelSize.length, result),
    size: sizeOf(y.shape),
    arrays: [input(0)],
    numbers: windowNumbers(planes, params),
    target,
  };
}

/** The greatest of a window, or where it is in its plane: the first of equals, and the last that is not a number. */
function maxProgram(rank: number, result: 'maximum' | 'place'): Program {
  const take = `const value = x[${placeOf(inX(rank))}];
    if (empty > 0.5 || value > maximum || isNan(value) > 0.5) { maximum = value; place = ${placeOf(inX(rank).slice(1))}; empty = 0.0; }`;
  return {
    key: `maxPool/${rank}/${result}`,
    arrays: ['x'],
    integers: windowNames(rank),
    floats: [],
    body: `${located(inY(rank))}
      let empty = 1.0;
      let maximum = 0.0;
      let place = 0.0;
      ${overTaps(rank, take)}
      return ${result};`,
  };
}

/** A gather in disguise: every element looks through the indices of its plane for those that name it. */
const maxGradientProgram: Program = {
  key: 'maxPoolGradient',
  arrays: ['gradient', 'indices'],
  integers: ['elements', 'windows'],
  floats: [],
  body: `const element = this.thread.x;
    const plane = idiv(element, elements);
    const at = element - plane * elements;
    let total = 0.0;
    for (let window = 0; window < windows; window++) {
      if (indices[plane * windows + window] === at) { total = total + gradient[plane * windows + window]; }
    }
    return total;`,
};

/** A divisor of 0 stands for the number of elements that count: those inside the input and `edge` around it. */
function averageLaunch(program: (rank: number) => Program, x: Shape, y: Shape, target: TensorSpec, params: Average): KernelLaunch {
  const { kernelSize, padding, countIncludePad, divisorOverride } = params;
  const edges = kernelSize.map((_, dim) => (countIncludePad ? (padding[dim] ?? 0) : 0));
  const planes = { elements: x.slice(2), windows: y.slice(2), kernel: kernelSize };
  return {
    program: program(kernelSize.length),
    size: sizeOf(target.shape),
    arrays: [input(0)],
    numbers: [...windowNumbers(planes, params), ...edges, divisorOverride ?? 0],
    target: output(0),
  };
}

const averageIntegers = (rank: number): string[] => [...windowNames(rank), ...dimsOf(rank).map((dim) => `edge${dim}`)];

/** Statements that leave in `parts` what the window's sum is divided by. */
function divisorCode(rank: number): string {
  const dims = dimsOf(rank).map(
    (dim) => `let first${dim} = window${dim} * stride${dim} - padding${dim};
      let end${dim} = first${dim} + kernel${dim};
      if (first${dim} < -edge${dim}) { first${dim} = -edge${dim}; }
      if (end${dim} > elements${dim} + edge${dim}) { end${dim} = elements${dim} + edge${dim}; }`,
  );
  const count = dimsOf(rank).map((dim) => `(end${dim} - first${dim})`);
  return `${dims.join('\n')}
    let parts = divisor;
    if (parts === 0.0) { parts = ${count.join(' * ')}; }`;
}

function averageProgram(rank: number): Program {
  return {
    key: `avgPool/${rank}`,
    arrays: ['x'],
    integers: averageIntegers(rank),
    floats: ['divisor'],
    body: `${located(inY(rank))}
      let total = 0.0;
      ${overTaps(rank, `total = total + x[${placeOf(inX(rank))}];`)}
      ${divisorCode(rank)}
      return total / parts;`,
  };
}

function averageGradientProgram(rank: number): Program {
  return {
    key: `avgPoolGradient/${rank}`,
    arrays: ['gradient'],
    integers: averageIntegers(rank),
    floats: ['divisor'],
    body: `${located(inX(rank))}
      let total = 0.0;
      ${overWindows(rank, `${divisorCode(rank)}\ntotal = total + gradient[${placeOf(inY(rank))}] / parts;`)}
      return total;`,
  };
}
