import type { DecompositionTable } from '../tables.ts';
import { attentionDecompositions } from './attention.ts';
import { fusedDecompositions } from './fused.ts';
import { fusedGradientDecompositions } from './fusedGradient.ts';
import { recurrentDecompositions } from './recurrent.ts';
import { updateDecompositions } from './update.ts';

/** What each fused primitive is in terms of core ones. */
export const decompositions: DecompositionTable = {
  ...fusedDecompositions,
  ...fusedGradientDecompositions,
  ...recurrentDecompositions,
  ...attentionDecompositions,
  ...updateDecompositions,
};
