import type { TensorSpec } from '@dl/tensor';
import { stridesOf } from '@dl/tensor/internal';
import { type ChainOp, encodeChain } from './chain.ts';
import { type ChainPrimitive, costs } from './chainCosts.ts';
import type { EncoderTable, Encoding } from './encoding.ts';

/** How many scalars primitives of a chain have, if any. */
const scalarCounts: { readonly [N in ChainPrimitive]?: number } = { full: 1, iota: 2, randomUniform: 4, dropout: 5, softplus: 2 };

interface AnyApplication {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly [TensorSpec];
  readonly params: object;
}
type AnyEncoder = (application: AnyApplication) => Encoding;

/** Each primitive as a chain of its own. */
export const elementwiseEncoders: EncoderTable<ChainPrimitive | 'withGradient'> = {
  ...encodersOf(Object.keys(costs) as ChainPrimitive[]),
  withGradient: ({ inputs, outputs: [{ shape }] }) => {
    // Nobody reads the others, which may have any shape.
    const operands = inputs.map(({ dtype }) => ({ dtype, strides: stridesOf(shape) }));
    return { kernel: 'chain', params: encodeChain({ shape, inputs: operands, ops: [], outputs: [0] }) };
  },
};

function encodersOf(primitives: readonly ChainPrimitive[]): { readonly [N in ChainPrimitive]: AnyEncoder } {
  const table = {} as { [N in ChainPrimitive]: AnyEncoder };
  for (const primitive of primitives) table[primitive] = (application) => alone(primitive, application);
  return table;
}

function alone(primitive: ChainPrimitive, { inputs, outputs: [{ shape, dtype }], params }: AnyApplication): Encoding {
  const scalars = Array.from({ length: scalarCounts[primitive] ?? 0 }, (_, i) => i);
  const operands = inputs.map((input) => ({ dtype: input.dtype, strides: broadcastStrides(input.shape, shape) }));
  const op: ChainOp = { primitive, params, operands: inputs.map((_, i) => i), dtype, scalars };
  return { kernel: 'chain', params: encodeChain({ shape, inputs: operands, ops: [op], outputs: [inputs.length] }) };
}

/** Strides that repeat a shape's elements over a larger one. */
function broadcastStrides(from: readonly number[], to: readonly number[]): readonly number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, d) => (from[d - added] === 1 ? 0 : (strides[d - added] ?? 0)));
}
