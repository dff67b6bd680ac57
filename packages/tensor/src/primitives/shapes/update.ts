import type { UpdatePrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

/** Each output is as the input of the same name. */
export const updateShapes: ShapeTable<keyof UpdatePrimitives> = {
  sgd: ([parameter]) => parameter,
  sgdMomentum: ([parameter, , momentumBuffer]) => [parameter, momentumBuffer],
  adam: ([parameter, , expAvg, expAvgSq]) => [parameter, expAvg, expAvgSq],
  adamAmsgrad: ([parameter, , expAvg, expAvgSq, maxExpAvgSq]) => [parameter, expAvg, expAvgSq, maxExpAvgSq],
};
