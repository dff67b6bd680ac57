import type { TensorSpec } from '../../shape.ts';
import type { RecurrentPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const recurrentShapes: ShapeTable<keyof RecurrentPrimitives> = {
  rnn: ([gates]) => gates,
  rnnGradient: ([gradient]) => [gradient, state(gradient)],
  lstm: ([gates]) => [lastDim(gates, 1 / 4), lastDim(gates, 1 / 4), gates],
  lstmGradient: ([gradient, , cell]) => [lastDim(gradient, 4), cell, cell],
  gru: ([gates]) => [lastDim(gates, 1 / 3), lastDim(gates, 4 / 3)],
  gruGradient: ([gradient, hidden]) => [lastDim(gradient, 3), lastDim(gradient, 3), hidden],
};

/** One step of a sequence. */
function state({ shape, dtype }: TensorSpec): TensorSpec {
  return { shape: shape.slice(1), dtype };
}

function lastDim({ shape, dtype }: TensorSpec, times: number): TensorSpec {
  return { shape: [...shape.slice(0, -1), Math.round((shape.at(-1) ?? 0) * times)], dtype };
}
