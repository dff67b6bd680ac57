import type { TensorSpec } from '@dl/tensor';
import { bytesOf, type RecurrentPrimitives, sizeOf } from '@dl/tensor/internal';
import type { EncoderTable, Encoding } from './encoding.ts';

export const recurrentEncoders: EncoderTable<keyof RecurrentPrimitives> = {
  rnn: ({ inputs: [gates, hidden], params: { reverse, nonlinearity } }) => layer('rnn', gates, hidden, reverse, nonlinearity === 'relu'),
  rnnGradient: ({ outputs: [gates, hidden], params: { reverse, nonlinearity } }) =>
    gradient('rnnGradient', gates, hidden, reverse, nonlinearity === 'relu'),
  lstm: ({ inputs: [gates, hidden], params: { reverse } }) => layer('lstm', gates, hidden, reverse),
  lstmGradient: ({ inputs: [, cellsGradient], outputs: [gates, hidden], params: { reverse } }) =>
    gradient('lstmGradient', gates, hidden, reverse, sizeOf(cellsGradient.shape) === 1),
  gru: ({ inputs: [gates, hidden], params: { reverse } }) => layer('gru', gates, hidden, reverse),
  gruGradient: ({ outputs: [gates, , hidden], params: { reverse } }) => gradient('gruGradient', gates, hidden, reverse),
};

/** Two steps of the two states, should nobody read them. */
function layer(kernel: string, gates: TensorSpec, hidden: TensorSpec, reverse: boolean, option = false): Encoding {
  return encoding(kernel, gates, hidden, [Number(reverse), Number(option)], 4);
}

/** The gradients of both states, and one step of the gates', should nobody read it. */
function gradient(kernel: string, gates: TensorSpec, hidden: TensorSpec, reverse: boolean, option = false): Encoding {
  return encoding(kernel, gates, hidden, [Number(reverse), Number(option)], 2 + gateCount(gates, hidden));
}

/** The weight in panels of whole vectors, and some steps of the state. */
function encoding(kernel: string, gates: TensorSpec, hidden: TensorSpec, flags: readonly number[], spareStates: number): Encoding {
  const [batch = 0, width = 0] = hidden.shape;
  const panels = gateCount(gates, hidden) * width * Math.ceil(width / 16) * 16;
  return {
    kernel,
    params: [Number(gates.dtype === 'float64'), gates.shape[0] ?? 0, batch, width, ...flags],
    workspace: (panels + spareStates * batch * width) * bytesOf[gates.dtype],
  };
}

function gateCount(gates: TensorSpec, hidden: TensorSpec): number {
  const [, width = 0] = hidden.shape;
  return (gates.shape.at(-1) ?? 0) / Math.max(1, width);
}
