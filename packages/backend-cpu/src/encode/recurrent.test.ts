import type { Shape, TypedArray } from '@dl/tensor';
import { inferSpecs, type RecurrentPrimitives } from '@dl/tensor/internal';
import { noise, typedArrayOf } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open.ts';
import { type Applied, differenceFromReference } from '../testing/differenceFromReference.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { encode } from './index.ts';

type Name = keyof RecurrentPrimitives;
type DType = 'float32' | 'float64';
type Sizes = readonly [steps: number, batch: number, width: number];

const engines = await openEngines();
const teams = await Promise.all([1, 2, 3, 7].map((threads) => openEngine({ threads })));
const names: readonly Name[] = ['rnn', 'rnnGradient', 'lstm', 'lstmGradient', 'gru', 'gruGradient'];

/** Shapes of the inputs; the last one named a weight is scaled down, lest a state explode. */
const shapes: { readonly [N in Name]: (sizes: Sizes) => readonly Shape[] } = {
  rnn: ([T, B, H]) => [
    [T, B, H],
    [B, H],
    [H, H],
  ],
  rnnGradient: ([T, B, H]) => [
    [T, B, H],
    [T, B, H],
    [H, H],
  ],
  lstm: ([T, B, H]) => [
    [T, B, 4 * H],
    [B, H],
    [B, H],
    [4 * H, H],
  ],
  lstmGradient: ([T, B, H]) => [
    [T, B, H],
    [T, B, H],
    [B, H],
    [T, B, H],
    [T, B, 4 * H],
    [4 * H, H],
  ],
  gru: ([T, B, H]) => [[T, B, 3 * H], [B, H], [3 * H, H], [H]],
  gruGradient: ([T, B, H]) => [
    [T, B, H],
    [B, H],
    [T, B, H],
    [T, B, 4 * H],
    [3 * H, H],
  ],
};

/** More rows, or a larger weight, than one piece and one panel hold. */
const large: readonly Sizes[] = [
  [2, 35, 40],
  [2, 3, 270],
  [3, 1, 129],
  [2, 70, 6],
];

describe.each(engines)('on $title', ({ engine }) => {
  it.each(names)('%s agrees with the reference for any sizes', (name) => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat(40),
        size,
        fc.boolean(),
        fc.boolean(),
        (steps, batch, width, reverse, isDouble) => {
          const one = caseOf(name, [steps, batch, width], { reverse }, isDouble ? 'float64' : 'float32');
          expect(foundIn(engine, one)).toBeNull();
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(names)('%s agrees with the reference for many rows and wide states', (name) => {
    for (const sizes of large) expect(foundIn(engine, caseOf(name, sizes, { reverse: false })), `${sizes}`).toBeNull();
  });

  it.each(names)('%s does without any of its outputs', (name) => {
    const one = caseOf(name, [4, 21, 35], { reverse: true });
    const all = run(engine, one);
    for (const unread of all.keys()) {
      const others = run(engine, one, [unread]);
      const kept = (outputs: readonly TypedArray[]) => outputs.filter((_, i) => i !== unread).map(bytesOf);
      expect(kept(others), `without ${unread}`).toEqual(kept(all));
    }
  });

  it('a relu keeps NaN and cuts what is not positive', () => {
    const gates = { shape: [1, 1, 3], dtype: 'float32', data: Float32Array.of(Number.NaN, -1, 2) } as const;
    const others = caseOf('rnn', [1, 1, 3], { reverse: false })
      .inputs.slice(1)
      .map((input) => ({ ...input, data: input.data.map(() => 0) }));
    const one = { primitive: 'rnn', inputs: [gates, ...others], params: { reverse: false, nonlinearity: 'relu' } } as const;
    expect(run(engine, one)[0]).toEqual(Float32Array.of(Number.NaN, 0, 2));
  });
});

it.each(names)('%s gives the same bits with 1, 2, 3 and 7 threads', (name) => {
  const one = caseOf(name, [3, 50, 20], { reverse: false });
  const [first, ...others] = teams.map(({ engine }) => run(engine, one).map(bytesOf));
  for (const other of others) expect(other).toEqual(first);
});

function caseOf(primitive: Name, sizes: Sizes, params: object, dtype: DType = 'float32'): Applied {
  const inputs = shapes[primitive](sizes).map((shape, i) => {
    // Products with a weight shall not magnify what rounding makes of them.
    const reach = shape.length === 2 && shape[1] === sizes[2] && i >= 2 ? 1 / Math.sqrt(sizes[2]) : 0.9;
    return { shape, dtype, data: typedArrayOf(noise(shape, { dtype, seed: i + 1, least: -reach, most: reach })) };
  });
  return { primitive, inputs, params: primitive.startsWith('rnn') ? { ...params, nonlinearity: 'tanh' } : params };
}

function run(engine: Engine, { primitive, inputs, params = {} }: Applied, unread: readonly number[] = []): readonly TypedArray[] {
  const outputs = [inferSpecs(primitive, inputs, params)].flat();
  const encoding = encode(primitive, { inputs, outputs, params });
  return runEncoding(engine, encoding, { inputs: inputs.map(({ data }) => data), outputs, unread });
}

function foundIn(engine: Engine, one: Applied): string | null {
  return differenceFromReference(engine, one, one.inputs[0]?.dtype === 'float64' ? 1e-12 : 1e-5);
}

function bytesOf({ buffer }: TypedArray): string {
  return Buffer.from(buffer).toString('base64');
}
