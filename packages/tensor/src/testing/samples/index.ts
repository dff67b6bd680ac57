import type { SampleTable } from '../../primitives/tables.ts';
import { creationSamples } from './creation.ts';
import { elementwiseSamples } from './elementwise.ts';
import { fusedSamples } from './fused.ts';
import { indexingSamples } from './indexing.ts';
import { matrixSamples } from './matrix.ts';
import { movementSamples } from './movement.ts';
import { randomSamples } from './random.ts';
import { reductionSamples } from './reduction.ts';
import { updateSamples } from './update.ts';

/** Uses of every primitive: all backends, gradients and exporters are tested on them. */
export const samples: SampleTable = {
  ...creationSamples,
  ...randomSamples,
  ...elementwiseSamples,
  ...reductionSamples,
  ...movementSamples,
  ...indexingSamples,
  ...matrixSamples,
  ...fusedSamples,
  ...updateSamples,
};
