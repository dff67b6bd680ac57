import type { CreationPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const creationShapes: ShapeTable<keyof CreationPrimitives> = {
  full: (_inputs, { shape, dtype }) => ({ shape, dtype }),
  iota: (_inputs, { length, dtype }) => ({ shape: [length], dtype }),
};
