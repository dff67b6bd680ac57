import { attentionVjps } from './attention.ts';
import { convolutionVjps } from './convolution.ts';
import { creationVjps } from './creation.ts';
import { elementwiseVjps } from './elementwise.ts';
import { fusedVjps } from './fused.ts';
import { fusedGradientVjps } from './fusedGradient.ts';
import { indexingVjps } from './indexing.ts';
import { matrixVjps } from './matrix.ts';
import { movementVjps } from './movement.ts';
import { poolingVjps } from './pooling.ts';
import { randomVjps } from './random.ts';
import { recurrentVjps } from './recurrent.ts';
import { reductionVjps } from './reduction.ts';
import type { VjpTable } from './table.ts';
import { updateVjps } from './update.ts';

/** The gradient of every primitive. */
export const vjpRules: VjpTable = {
  ...creationVjps,
  ...randomVjps,
  ...elementwiseVjps,
  ...reductionVjps,
  ...movementVjps,
  ...indexingVjps,
  ...matrixVjps,
  ...convolutionVjps,
  ...poolingVjps,
  ...fusedVjps,
  ...fusedGradientVjps,
  ...recurrentVjps,
  ...attentionVjps,
  ...updateVjps,
};
