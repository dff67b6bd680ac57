import type { RandomPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const randomShapes: ShapeTable<keyof RandomPrimitives> = {
  randomUniform: (_inputs, { shape, dtype }) => ({ shape, dtype }),
};
