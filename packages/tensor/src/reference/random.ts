import { internalError } from '../errors.ts';
import { fillUniform } from '../philox.ts';
import type { RandomPrimitives } from '../primitives/signatures.ts';
import type { ReferenceTable } from '../primitives/tables.ts';

export const randomKernels: ReferenceTable<keyof RandomPrimitives> = {
  randomUniform: ([{ data }], _inputs, _params, scalars) => {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) throw internalError('randomUniform: the output must be floating');
    fillUniform(data, scalars);
  },
};
