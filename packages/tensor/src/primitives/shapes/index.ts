import type { ShapeTable } from '../tables.ts';
import { creationShapes } from './creation.ts';
import { elementwiseShapes } from './elementwise.ts';
import { fusedShapes } from './fused.ts';
import { indexingShapes } from './indexing.ts';
import { matrixShapes } from './matrix.ts';
import { movementShapes } from './movement.ts';
import { randomShapes } from './random.ts';
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
  ...fusedShapes,
  ...updateShapes,
};
