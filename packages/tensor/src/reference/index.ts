import type { ReferenceTable } from '../primitives/tables.ts';
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
  ...convolutionKernels,
  ...poolingKernels,
  ...fusedKernels,
  ...fusedGradientKernels,
  ...recurrentKernels,
  ...attentionKernels,
  ...updateKernels,
};
