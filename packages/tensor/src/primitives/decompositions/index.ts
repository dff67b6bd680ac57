import type { DecompositionTable } from '../tables.ts';
import { fusedDecompositions } from './fused.ts';
import { updateDecompositions } from './update.ts';

/** What each fused primitive is in terms of core ones. */
export const decompositions: DecompositionTable = { ...fusedDecompositions, ...updateDecompositions };
