import type { SampleTable } from '../../primitives/tables.ts';
import { attentionSamples } from './attention.ts';
import { convolutionSamples } from './convolution.ts';
import { creationSamples } from './creation.ts';
import { elementwiseSamples } from './elementwise.ts';
import { fusedSamples } from './fused.ts';
import { fusedGradientSamples } from './fusedGradient.ts';
import { indexingSamples } from './indexing.ts';
import { matrixSamples } from './matrix.ts';
import { movementSamples } from './movement.ts';
import { poolingSamples } from './pooling.ts';
import { randomSamples } from './random.ts';
import { recurrentSamples } from './recurrent.ts';
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
  ...convolutionSamples,
  ...poolingSamples,
  ...fusedSamples,
  ...fusedGradientSamples,
  ...recurrentSamples,
  ...attentionSamples,
  ...updateSamples,
};
