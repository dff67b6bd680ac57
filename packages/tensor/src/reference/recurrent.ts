import type { TypedArray } from '../dtype.ts';
import type { RecurrentPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';

export const recurrentKernels: ReferenceTable<keyof RecurrentPrimitives> = {
  rnn: ([output], [gates, hidden, weight], { nonlinearity, reverse }) => {
    const f = nonlinearity === 'tanh' ? Math.tanh : (x: number) => Math.max(x, 0);
    const sizes = sizesOf(hidden, gates);
    forEachRow(sizes, reverse, (row, before) => {
      const state = before < 0 ? hiddenRow(hidden, row, sizes) : { data: output.data, start: before * sizes.width };
      for (let j = 0; j < sizes.width; j++) {
        const place = row * sizes.width + j;
        output.data[place] = f((gates.data[place] as number) + dot(state, weight, j, sizes.width));
      }
    });
  },
  rnnGradient: ([toGates, toHidden], [gradient, output, weight], { nonlinearity, reverse }) => {
    const sizes = sizesOf(toHidden, gradient);
    const carried = new Float64Array(toHidden.data.length);
    forEachStep(sizes, !reverse, (first) => {
      for (let i = 0; i < carried.length; i++) {
        const y = output.data[first + i] as number;
        const slope = nonlinearity === 'tanh' ? 1 - y * y : Number(y > 0);
        toGates.data[first + i] = ((gradient.data[first + i] as number) + (carried[i] as number)) * slope;
      }
      carried.fill(0);
      addProduct(carried, toGates.data, first, weight, sizes);
    });
    toHidden.data.set(carried);
  },
  lstm: ([output, cells, activations], [gates, hidden, cell, weight], { reverse }) => {
    const sizes = sizesOf(hidden, gates);
    const { width } = sizes;
    forEachRow(sizes, reverse, (row, before) => {
      const state = before < 0 ? hiddenRow(hidden, row, sizes) : { data: output.data, start: before * width };
      const cellBefore = before < 0 ? hiddenRow(cell, row, sizes) : { data: cells.data, start: before * width };
      const gate = (index: number, j: number) =>
        (gates.data[4 * row * width + index * width + j] as number) + dot(state, weight, index * width + j, width);
      for (let j = 0; j < width; j++) {
        const [i, f, g, o] = [sigmoid(gate(0, j)), sigmoid(gate(1, j)), Math.tanh(gate(2, j)), sigmoid(gate(3, j))] as const;
        const c = f * (cellBefore.data[cellBefore.start + j] as number) + i * g;
        cells.data[row * width + j] = c;
        output.data[row * width + j] = o * Math.tanh(c);
        setQuarters(activations, row, j, width, [i, f, g, o]);
      }
    });
  },
  lstmGradient: ([toGates, toHidden, toCell], [gradient, cellsGradient, cell, cells, activations, weight], { reverse }) => {
    const sizes = sizesOf(toHidden, gradient);
    const { width, batch } = sizes;
    const carried = new Float64Array(toHidden.data.length);
    const carriedCell = new Float64Array(toHidden.data.length);
    const lastCells = cellsGradient.data.length === 1 ? 0 : 1;
    forEachStep(sizes, !reverse, (first, before) => {
      for (let i = 0; i < carried.length; i++) {
        const place = first + i;
        const [row, j] = [Math.floor(place / width), place % width];
        const [input, forget, candidate, out] = quarters(activations, row, j, width);
        const t = Math.tanh(cells.data[place] as number);
        const dh = (gradient.data[place] as number) + (carried[i] as number);
        const dc = dh * out * (1 - t * t) + (cellsGradient.data[place * lastCells] as number) + (carriedCell[i] as number);
        const previous = (before < 0 ? cell.data[i] : cells.data[before + i]) as number;
        setQuarters(toGates, row, j, width, [
          dc * candidate * input * (1 - input),
          dc * previous * forget * (1 - forget),
          dc * input * (1 - candidate * candidate),
          dh * t * out * (1 - out),
        ]);
        carriedCell[i] = dc * forget;
      }
      carried.fill(0);
      addProduct(carried, toGates.data, 4 * first, weight, { width, batch });
    });
    toHidden.data.set(carried);
    toCell.data.set(carriedCell);
  },
  gru: ([output, activations], [gates, hidden, weight, bias], { reverse }) => {
    const sizes = sizesOf(hidden, gates);
    const { width } = sizes;
    forEachRow(sizes, reverse, (row, before) => {
      const state = before < 0 ? hiddenRow(hidden, row, sizes) : { data: output.data, start: before * width };
      const own = (index: number, j: number) => gates.data[3 * row * width + index * width + j] as number;
      for (let j = 0; j < width; j++) {
        const r = sigmoid(own(0, j) + dot(state, weight, j, width));
        const z = sigmoid(own(1, j) + dot(state, weight, width + j, width));
        const share = dot(state, weight, 2 * width + j, width) + (bias.data[j] as number);
        const n = Math.tanh(own(2, j) + r * share);
        output.data[row * width + j] = (1 - z) * n + z * (state.data[state.start + j] as number);
        setQuarters(activations, row, j, width, [r, z, n, share]);
      }
    });
  },
  gruGradient: ([toGates, toHiddenGates, toHidden], [gradient, hidden, output, activations, weight], { reverse }) => {
    const sizes = sizesOf(toHidden, gradient);
    const { width } = sizes;
    const carried = new Float64Array(toHidden.data.length);
    forEachStep(sizes, !reverse, (first, before) => {
      for (let i = 0; i < carried.length; i++) {
        const place = first + i;
        const [row, j] = [Math.floor(place / width), place % width];
        const [r, z, n, share] = quarters(activations, row, j, width);
        const previous = (before < 0 ? hidden.data[i] : output.data[before + i]) as number;
        const dh = (gradient.data[place] as number) + (carried[i] as number);
        const dn = dh * (1 - z) * (1 - n * n);
        const [dr, dz] = [dn * share * r * (1 - r), dh * (previous - n) * z * (1 - z)];
        setThirds(toGates, row, j, width, [dr, dz, dn]);
        setThirds(toHiddenGates, row, j, width, [dr, dz, dn * r]);
        carried[i] = dh * z;
      }
      addProduct(carried, toHiddenGates.data, 3 * first, weight, sizes);
    });
    toHidden.data.set(carried);
  },
};

interface Sizes {
  readonly batch: number;
  readonly width: number;
}
interface Sequence extends Sizes {
  readonly steps: number;
}
interface Row {
  readonly data: TypedArray;
  readonly start: number;
}

function sizesOf({ shape }: Operand, sequence: Operand): Sequence {
  return { steps: sequence.shape[0] ?? 1, batch: shape[0] ?? 1, width: shape[1] ?? 1 };
}

/** Every step in its order; calls back with the place of its first state in `[T, B, H]` and that of the step before in time, -1 if there is none. */
function forEachStep({ steps, batch, width }: Sequence, backward: boolean, visit: (first: number, before: number) => void): void {
  // `backward` is the order of the visits; the states before are those that a gradient, walking the other way, will meet next.
  for (let i = 0; i < steps; i++) {
    const t = backward ? steps - 1 - i : i;
    const before = backward ? t - 1 : t + 1;
    visit(t * batch * width, before >= 0 && before < steps ? before * batch * width : -1);
  }
}

/** Every row of every step in the order of time; calls back with its number in `[T · B]` and that of the same row a step earlier, -1 if there is none. */
function forEachRow({ steps, batch }: Sequence, reverse: boolean, visit: (row: number, before: number) => void): void {
  for (let i = 0; i < steps; i++) {
    const t = reverse ? steps - 1 - i : i;
    for (let b = 0; b < batch; b++) visit(t * batch + b, i === 0 ? -1 : (reverse ? t + 1 : t - 1) * batch + b);
  }
}

function hiddenRow({ data }: Operand, row: number, { batch, width }: Sizes): Row {
  return { data, start: (row % batch) * width };
}

/** A state times a row of the weight. */
function dot({ data, start }: Row, weight: Operand, row: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (data[start + k] as number) * (weight.data[row * width + k] as number);
  return sum;
}

/** `out += gates @ weight` for the gates of one step, which begin at `start`. */
function addProduct(out: Float64Array, gates: TypedArray, start: number, weight: Operand, { batch, width }: Sizes): void {
  const count = weight.shape[0] ?? 1;
  for (let b = 0; b < batch; b++) {
    for (let k = 0; k < count; k++) {
      const gate = gates[start + b * count + k] as number;
      for (let j = 0; j < width; j++) out[b * width + j] = (out[b * width + j] as number) + gate * (weight.data[k * width + j] as number);
    }
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

type Quarters = readonly [number, number, number, number];

function quarters({ data }: Operand, row: number, j: number, width: number): Quarters {
  const start = 4 * row * width + j;
  return [data[start], data[start + width], data[start + 2 * width], data[start + 3 * width]] as readonly number[] as Quarters;
}

function setQuarters({ data }: Operand, row: number, j: number, width: number, values: Quarters): void {
  for (let i = 0; i < 4; i++) data[(4 * row + i) * width + j] = values[i] as number;
}

function setThirds({ data }: Operand, row: number, j: number, width: number, values: readonly [number, number, number]): void {
  for (let i = 0; i < 3; i++) data[(3 * row + i) * width + j] = values[i] as number;
}
