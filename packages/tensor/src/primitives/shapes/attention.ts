import type { AttentionPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const attentionShapes: ShapeTable<keyof AttentionPrimitives> = {
  attention: ([{ shape, dtype }, , value]) => {
    const rows = shape.slice(0, -1);
    return [
      { shape: [...rows, value.shape.at(-1) ?? 1], dtype },
      { shape: rows, dtype },
    ];
  },
  attentionGradient: ([, query, key, value]) => [query, key, value],
};
