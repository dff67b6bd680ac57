import type { TensorSpec } from '@dl/tensor';
import { bytesOf, stridesOf } from '@dl/tensor/internal';
import { type Dim, mergedDims, sizesOf, stepsOf } from './dims.ts';
import type { Encoding } from './encoding.ts';

/** Elements of a tile. */
const tileElements = 4096;
/** The side of a tile, unless the other one is shorter. */
const tileSide = 64;

/**
 * The copy of strided elements into a row-major output. A run's scalars, each times its entry of `scalarStrides`, say where in the
 * source it begins.
 */
export function copyEncoding(output: TensorSpec, strides: readonly number[], scalarStrides: readonly number[] = []): Encoding {
  const dims = mergedDims(output.shape, [stridesOf(output.shape), strides]);
  const rows = dims.find(({ steps: [, source] }) => source === 1);
  const columns = dims.at(-1);
  if (rows === undefined || columns === undefined || rows === columns || columns.steps[1] === 0)
    return { kernel: 'copyRows', params: copyParams(output, dims, scalarStrides) };
  const ordered = [...dims.filter((dim) => dim !== rows && dim !== columns), rows, columns];
  return { kernel: 'copyTiles', params: [...copyParams(output, ordered, scalarStrides), ...tileOf(rows.size, columns.size)] };
}

/** The copy of a whole tensor. */
export function wholeCopyEncoding(output: TensorSpec): Encoding {
  return copyEncoding(output, stridesOf(output.shape));
}

function copyParams({ dtype }: TensorSpec, dims: readonly Dim[], scalarStrides: readonly number[]): readonly number[] {
  return [bytesOf[dtype], dims.length, scalarStrides.length, ...sizesOf(dims), ...stepsOf(dims, 0), ...stepsOf(dims, 1), ...scalarStrides];
}

/** Rows and columns of a tile: a square, or longer where one side is short. */
function tileOf(rows: number, columns: number): readonly [number, number] {
  const width = Math.min(columns, Math.max(tileSide, Math.floor(tileElements / rows)));
  return [Math.min(rows, Math.max(tileSide, Math.floor(tileElements / width))), width];
}
