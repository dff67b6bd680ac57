import type { ReferenceTable } from '../primitives/tables.ts';
import { creationKernels } from './creation.ts';
import { elementwiseKernels } from './elementwise.ts';
import { fusedKernels } from './fused.ts';
import { indexingKernels } from './indexing.ts';
import { matrixKernels } from './matrix.ts';
import { movementKernels } from './movement.ts';
import { randomKernels } from './random.ts';
import { reductionKernels } from './reduction.ts';
import { updateKernels } from './update.ts';

/** The kernel of every primitive: plain loops, the oracle of every other backend. */
export const referenceKernels: ReferenceTable = {
  ...creationKernels,
  ...randomKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...movementKernels,
  ...indexingKernels,
  ...matrixKernels,
  ...fusedKernels,
  ...updateKernels,
};
