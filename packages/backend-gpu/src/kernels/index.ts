import type { DecomposableName, PrimitiveName } from '@dl/tensor/internal';
import { attentionKernels } from './attention.ts';
import { convolutionKernels } from './convolution.ts';
import { creationKernels } from './creation.ts';
import { elementwiseKernels } from './elementwise.ts';
import { fusedKernels } from './fused.ts';
import { fusedGradientKernels } from './fusedGradient.ts';
import { indexingKernels } from './indexing.ts';
import { matrixKernels } from './matrix.ts';
import { movementKernels } from './movement.ts';
import { poolingKernels } from './pooling.ts';
import { randomKernels } from './random.ts';
import { recurrentKernels } from './recurrent.ts';
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
  ...convolutionKernels,
  ...poolingKernels,
  ...fusedKernels,
  ...fusedGradientKernels,
  ...recurrentKernels,
  ...attentionKernels,
  ...updateKernels,
};

/** What has to arrive in simpler primitives. */
export const decomposed: ReadonlySet<DecomposableName> = new Set(
  (Object.keys(kernels) as PrimitiveName[]).filter((name): name is DecomposableName => kernels[name] === 'decomposed'),
);
