import { creationVjps } from './creation.ts';
import { elementwiseVjps } from './elementwise.ts';
import { fusedVjps } from './fused.ts';
import { indexingVjps } from './indexing.ts';
import { matrixVjps } from './matrix.ts';
import { movementVjps } from './movement.ts';
import { randomVjps } from './random.ts';
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
  ...fusedVjps,
  ...updateVjps,
};
