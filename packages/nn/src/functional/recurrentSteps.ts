import { cat, chunk, matmul, narrow, relu, type Tensor, tanh, transpose } from '@dl/tensor';
import { linear } from './linear.ts';

/** The function of a plain recurrent network. */
export type Nonlinearity = 'tanh' | 'relu';

/** The parameters of one layer in one direction, or of a cell. `weightHr` projects the hidden state of an LSTM. */
export interface RecurrentWeights {
  /** `[gates · H, I]`. */
  readonly weightIh: Tensor;
  /** `[gates · H, H]`. */
  readonly weightHh: Tensor;
  readonly biasIh: Tensor | null;
  readonly biasHh: Tensor | null;
  readonly weightHr: Tensor | null;
}

/** What the input and both biases contribute to the gates, for a whole sequence in one product. */
export function inputGates(x: Tensor, { weightIh, biasIh, biasHh }: RecurrentWeights): Tensor {
  return linear(x, weightIh, biasIh === null || biasHh === null ? biasIh : biasIh.add(biasHh));
}

/** The same for a GRU: the hidden state's bias of the gate n is left out, since the gate r multiplies it. */
export function inputGatesOfGru(x: Tensor, { weightIh, biasIh, biasHh }: RecurrentWeights): Tensor {
  if (biasIh === null || biasHh === null) return linear(x, weightIh, biasIh);
  const size = biasHh.numel() / 3;
  return linear(x, weightIh, biasIh.add(narrow(biasHh, 0, 0, 2 * size).pad([0, size])));
}

/** `f(gates + h Wₕₕᵀ)`. */
export function rnnStep(gates: Tensor, h: Tensor, { weightHh }: RecurrentWeights, nonlinearity: Nonlinearity): Tensor {
  const sum = gates.add(times(h, weightHh));
  return nonlinearity === 'tanh' ? tanh(sum) : relu(sum);
}

/** `c' = f c + i g`, `h' = o tanh(c')`, which `weightHr` projects if there is one. */
export function lstmStep(gates: Tensor, h: Tensor, c: Tensor, { weightHh, weightHr }: RecurrentWeights): readonly [Tensor, Tensor] {
  const [i, f, g, o] = quarters(gates.add(times(h, weightHh)));
  const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
  const hidden = o.sigmoid().mul(cell.tanh());
  return [weightHr === null ? hidden : times(hidden, weightHr), cell];
}

/** `h' = (1 - z) n + z h`. */
export function gruStep(gates: Tensor, h: Tensor, { weightHh, biasHh }: RecurrentWeights): Tensor {
  const [inputR, inputZ, inputN] = thirds(gates);
  const [hiddenR, hiddenZ, hiddenN] = thirds(times(h, weightHh));
  const r = inputR.add(hiddenR).sigmoid();
  const z = inputZ.add(hiddenZ).sigmoid();
  const share = biasHh === null ? hiddenN : hiddenN.add(thirds(biasHh)[2]);
  const n = inputN.add(r.mul(share)).tanh();
  return n.sub(z.mul(n)).add(z.mul(h));
}

/** One tensor of several along the last dim; one alone stays as it is. */
export function sideBySide(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  return first !== undefined && tensors.length === 1 ? first : cat(tensors, { dim: -1 });
}

// ---------------------------------------------------------------------------------------------------------------------

function times(state: Tensor, weight: Tensor): Tensor {
  return matmul(state, transpose(weight, 0, 1));
}

function thirds(x: Tensor): readonly [Tensor, Tensor, Tensor] {
  const [a = x, b = x, c = x] = chunk(x, 3, { dim: -1 });
  return [a, b, c];
}

function quarters(x: Tensor): readonly [Tensor, Tensor, Tensor, Tensor] {
  const [a = x, b = x, c = x, d = x] = chunk(x, 4, { dim: -1 });
  return [a, b, c, d];
}
