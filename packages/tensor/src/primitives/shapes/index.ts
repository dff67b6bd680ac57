import type { ShapeTable } from '../tables.ts';
import { attentionShapes } from './attention.ts';
import { convolutionShapes } from './convolution.ts';
import { creationShapes } from './creation.ts';
import { elementwiseShapes } from './elementwise.ts';
import { fusedShapes } from './fused.ts';
import { fusedGradientShapes } from './fusedGradient.ts';
import { indexingShapes } from './indexing.ts';
import { matrixShapes } from './matrix.ts';
import { movementShapes } from './movement.ts';
import { poolingShapes } from './pooling.ts';
import { randomShapes } from './random.ts';
import { recurrentShapes } from './recurrent.ts';
import { reductionShapes } from './reduction.ts';
import { updateShapes } from './update.ts';

/** The shape and dtype rule of every primitive. */
export const shapeRules: ShapeTable = {
  ...creationShapes,
  ...randomShapes,
  ...elementwiseShapes,
  ...reductionShapes,
  ...movementShapes,
  ...indexingShapes,
  ...matrixShapes,
  ...convolutionShapes,
  ...poolingShapes,
  ...fusedShapes,
  ...fusedGradientShapes,
  ...recurrentShapes,
  ...attentionShapes,
  ...updateShapes,
};
