import type { DType } from '../dtype.ts';
import type { SampleInput } from '../primitives/tables.ts';
import { given } from './make.ts';

/** A number as JSON can hold it. */
type GoldenNumber = number | 'nan' | 'inf' | '-inf';

/** A tensor as fixtures hold it: dtype, shape, elements. */
export interface GoldenTensor {
  readonly t: readonly [dtype: DType, shape: readonly number[], elements: readonly GoldenNumber[]];
}

/** The tensor that a fixture holds, as host data. */
export function fromGolden({ t: [dtype, shape, elements] }: GoldenTensor): SampleInput {
  return given(
    shape,
    elements.map((element) => (typeof element === 'number' ? element : words[element])),
    dtype,
  );
}

const words = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
