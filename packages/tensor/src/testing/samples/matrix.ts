import type { MatrixPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { given, noise, wholeNoise } from '../make.ts';

type Flags = Sample<'matmul'>['params'];

/** Sums of some ten products in float32 differ by roundings. */
const tolerance = 1e-5;

const multiplied = (
  title: string,
  a: SampleInput,
  b: SampleInput,
  { transposeA = false, transposeB = false }: Partial<Flags> = {},
): Sample<'matmul'> => ({
  title,
  inputs: [a, b],
  params: { transposeA, transposeB },
  scalars: [],
  tolerance,
});

const factors = (a: Shape, b: Shape): [SampleInput, SampleInput] => [noise(a), noise(b, { seed: 2 })];
const float64 = { dtype: 'float64' } as const;

export const matrixSamples: SampleTable<keyof MatrixPrimitives> = {
  matmul: [
    multiplied('small', ...factors([2, 3], [3, 4])),
    multiplied('a stored transposed', ...factors([3, 2], [3, 4]), { transposeA: true }),
    multiplied('b stored transposed', ...factors([2, 3], [4, 3]), { transposeB: true }),
    multiplied('both stored transposed', ...factors([3, 2], [4, 3]), { transposeA: true, transposeB: true }),
    multiplied('sizes that no block divides', ...factors([9, 17], [17, 11])),
    multiplied('sizes that no block divides, both transposed', ...factors([17, 9], [11, 17]), { transposeA: true, transposeB: true }),
    multiplied('a row and a column', ...factors([1, 6], [6, 1])),
    multiplied('a column and a row', ...factors([5, 1], [1, 6])),
    multiplied('larger than a tile of 16', ...factors([33, 20], [20, 35])),
    multiplied('a batch', ...factors([3, 2, 4], [3, 4, 2])),
    multiplied('a batch, transposed', ...factors([3, 4, 2], [3, 5, 4]), { transposeA: true, transposeB: true }),
    multiplied('a batch by one matrix', ...factors([3, 2, 4], [4, 2])),
    multiplied('one matrix by a batch', ...factors([2, 4], [3, 4, 2])),
    multiplied('batches that broadcast both ways', ...factors([2, 1, 2, 3], [3, 3, 2])),
    multiplied('nothing to sum', ...factors([2, 0], [0, 3])),
    multiplied('no rows', ...factors([0, 3], [3, 2])),
    multiplied('no matrices', ...factors([0, 2, 3], [0, 3, 2])),
    {
      ...multiplied('special values', given([2, 2], [Number.POSITIVE_INFINITY, 1, Number.NaN, 2]), given([2, 2], [1, 0, 2, 3])),
      differentiable: [],
    },
    multiplied('int32', wholeNoise([3, 4], -9, 9), wholeNoise([4, 2], -9, 9)),
    multiplied('int32 that wraps', given([1, 2], [2 ** 30, 65537], 'int32'), given([2, 1], [7, 65537], 'int32')),
    multiplied('uint8 that wraps', given([1, 2], [200, 100], 'uint8'), given([2, 1], [3, 7], 'uint8')),
    multiplied('float64', noise([3, 4], float64), noise([4, 2], { ...float64, seed: 2 })),
  ],
};
