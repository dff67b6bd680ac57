import type { DecomposableName, PrimitiveName } from '@dl/tensor/internal';
import { creationKernels } from './creation.ts';
import { elementwiseKernels } from './elementwise.ts';
import { fusedKernels } from './fused.ts';
import { indexingKernels } from './indexing.ts';
import { matrixKernels } from './matrix.ts';
import { movementKernels } from './movement.ts';
import { randomKernels } from './random.ts';
import { reductionKernels } from './reduction.ts';
import type { KernelTable } from './table.ts';
import { updateKernels } from './update.ts';

/** The kernels of every primitive, or the word `'decomposed'`. */
export const kernels: KernelTable = {
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

/** What has to arrive in simpler primitives. */
export const decomposed: ReadonlySet<DecomposableName> = new Set(
  (Object.keys(kernels) as PrimitiveName[]).filter((name): name is DecomposableName => kernels[name] === 'decomposed'),
);
