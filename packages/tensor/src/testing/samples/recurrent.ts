import type { RecurrentPrimitives } from '../../primitives/signatures.ts';
import type { Sample, SampleInput, SampleTable } from '../../primitives/tables.ts';
import type { Shape } from '../../shape.ts';
import { noise } from '../make.ts';

/** Products of the hidden state with a weight, and their roundings carried through time. */
const carried = { tolerance: 1e-5 } as const;

type DTypes = 'float32' | 'float64';
/** A case of each primitive: T, B, H. */
interface Case {
  readonly title: string;
  readonly sizes: readonly [steps: number, batch: number, width: number];
  readonly reverse?: boolean;
  readonly dtype?: DTypes;
  /** Too large for slopes to be measured in good time, or nothing new for them. */
  readonly large?: boolean;
}
type Cases = readonly [Case, ...Case[]];

const cases: Cases = [
  { title: 'three steps', sizes: [3, 2, 3] },
  { title: 'from the end', sizes: [3, 2, 2], reverse: true },
  { title: 'one step', sizes: [1, 2, 3] },
  { title: 'one row', sizes: [3, 1, 2], large: true },
  { title: 'a hidden state of one number', sizes: [2, 2, 1] },
  { title: 'no rows', sizes: [2, 0, 3] },
  { title: 'sizes that no block divides', sizes: [5, 19, 13], large: true },
  { title: 'sizes that no block divides, from the end', sizes: [4, 5, 37], large: true, reverse: true },
  { title: 'a wide state', sizes: [2, 3, 130], large: true },
  { title: 'many rows', sizes: [2, 70, 8], large: true },
  { title: 'float64', sizes: [2, 3, 2], dtype: 'float64', large: true },
  { title: 'float64, from the end, sizes that no block divides', sizes: [3, 9, 17], dtype: 'float64', reverse: true, large: true },
];

/** Inputs of a case: noise of a shape, each with other numbers. */
function inputsOf<S extends readonly Shape[]>(
  { dtype = 'float32', large = false }: Case,
  shapes: readonly [...S],
  ranges: Readonly<Record<number, readonly [number, number]>> = {},
) {
  return shapes.map((shape, seed) => {
    // Sums of many products must not magnify what rounding makes of them.
    const [least, most] = ranges[seed] ?? (large ? [-0.4, 0.4] : [-1, 1]);
    return noise(shape, { dtype, seed: seed + 1, least, most });
  }) as { readonly [I in keyof S]: SampleInput };
}

function samplesOf<N extends keyof RecurrentPrimitives>(
  list: Cases,
  describe: (given: Case) => Pick<Sample<N>, 'inputs' | 'params'>,
): readonly [Sample<N>, ...Sample<N>[]] {
  const sampleOf = (given: Case) =>
    ({ title: given.title, ...describe(given), scalars: [], ...(given.large ? { differentiable: [] } : {}), ...carried }) as Sample<N>;
  const [first, ...rest] = list;
  return [sampleOf(first), ...rest.map(sampleOf)];
}

const rnn =
  (nonlinearity: 'tanh' | 'relu') =>
  (given: Case): Pick<Sample<'rnn'>, 'inputs' | 'params'> => {
    const [T, B, H] = given.sizes;
    return {
      inputs: inputsOf(given, [
        [T, B, H],
        [B, H],
        [H, H],
      ]),
      params: { nonlinearity, reverse: given.reverse ?? false },
    };
  };

const rnnGradient =
  (nonlinearity: 'tanh' | 'relu') =>
  (given: Case): Pick<Sample<'rnnGradient'>, 'inputs' | 'params'> => {
    const [T, B, H] = given.sizes;
    const inputs = inputsOf(
      given,
      [
        [T, B, H],
        [T, B, H],
        [H, H],
      ],
      { 1: [-0.9, 0.9] },
    );
    return { inputs, params: { nonlinearity, reverse: given.reverse ?? false } };
  };

const someCases: Cases = [
  { title: 'relu', sizes: [3, 2, 2] },
  { title: 'relu, from the end, sizes that no block divides', sizes: [3, 9, 18], reverse: true, large: true },
];

export const recurrentSamples: SampleTable<keyof RecurrentPrimitives> = {
  rnn: [...samplesOf<'rnn'>(cases, rnn('tanh')), ...samplesOf<'rnn'>(someCases, rnn('relu'))],
  rnnGradient: [...samplesOf<'rnnGradient'>(cases, rnnGradient('tanh')), ...samplesOf<'rnnGradient'>(someCases, rnnGradient('relu'))],
  lstm: samplesOf(cases, (given) => {
    const [T, B, H] = given.sizes;
    return {
      inputs: inputsOf(given, [
        [T, B, 4 * H],
        [B, H],
        [B, H],
        [4 * H, H],
      ]),
      params: { reverse: given.reverse ?? false },
    };
  }),
  lstmGradient: [
    ...samplesOf<'lstmGradient'>(cases, (given) => lstmGradient(given, [given.sizes[0], given.sizes[1], given.sizes[2]])),
    ...samplesOf<'lstmGradient'>(
      [
        { title: 'one number for the gradient of all cells', sizes: [3, 2, 2] },
        { title: 'one number for the gradient of all cells, sizes that no block divides', sizes: [2, 17, 20], large: true },
      ],
      (given) => lstmGradient(given, [1, 1, 1]),
    ),
  ],
  gru: samplesOf(cases, (given) => {
    const [T, B, H] = given.sizes;
    return { inputs: inputsOf(given, [[T, B, 3 * H], [B, H], [3 * H, H], [H]]), params: { reverse: given.reverse ?? false } };
  }),
  gruGradient: samplesOf(cases, (given) => {
    const [T, B, H] = given.sizes;
    const inputs = inputsOf(
      given,
      [
        [T, B, H],
        [B, H],
        [T, B, H],
        [T, B, 4 * H],
        [3 * H, H],
      ],
      { 3: [0.1, 0.9] },
    );
    return { inputs, params: { reverse: given.reverse ?? false } };
  }),
};

function lstmGradient(given: Case, cellsGradient: Shape): Pick<Sample<'lstmGradient'>, 'inputs' | 'params'> {
  const [T, B, H] = given.sizes;
  const states = [T, B, H];
  const inputs = inputsOf(given, [states, cellsGradient, [B, H], states, [T, B, 4 * H], [4 * H, H]], { 4: [0.1, 0.9] });
  return { inputs, params: { reverse: given.reverse ?? false } };
}
