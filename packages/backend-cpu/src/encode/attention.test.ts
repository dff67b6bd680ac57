import type { Shape, TypedArray } from '@dl/tensor';
import { inferSpecs } from '@dl/tensor/internal';
import { noise, typedArrayOf } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open.ts';
import { type Applied, differenceFromReference } from '../testing/differenceFromReference.ts';
import type { Elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { encode } from './index.ts';

type DType = 'float32' | 'float64';

/** Sizes and params of both primitives. */
interface Case {
  readonly leading: Shape;
  readonly sizes: readonly [rows: number, columns: number, width: number, valueWidth: number];
  readonly causal?: boolean;
  /** No dropout by default. */
  readonly p?: number;
  /** What the mask's shape is; no mask by default. */
  readonly mask?: Shape;
  /** Whether the mask hides keys, and all of them from some queries. */
  readonly hides?: boolean;
  readonly dtype?: DType;
}

const engines = await openEngines();
const teams = await Promise.all([1, 2, 3, 7].map((threads) => openEngine({ threads })));
const names = ['attention', 'attentionGradient'] as const;

/** More queries and keys than one block holds; few heads, so that their keys are shared out; wide heads. */
const large: readonly Case[] = [
  { leading: [2], sizes: [150, 290, 17, 24] },
  { leading: [], sizes: [140, 300, 16, 16], causal: true, p: 0.2 },
  { leading: [1, 2], sizes: [260, 130, 8, 9], mask: [2, 1, 130], hides: true },
  { leading: [3], sizes: [30, 70, 150, 140], causal: true },
  { leading: [1], sizes: [1, 700, 32, 32] },
];

describe.each(engines)('on $title', ({ engine }) => {
  it.each(names)('%s agrees with the reference for any sizes, masks and dropout', (name) => {
    fc.assert(
      fc.property(cases(), (one) => {
        expect(foundIn(engine, name, one)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it.each(names)('%s agrees with the reference for long sequences and wide heads', (name) => {
    for (const one of large) expect(foundIn(engine, name, one), JSON.stringify(one)).toBeNull();
  });

  it.each(names)('%s does without any of its outputs', (name) => {
    const applied = application(name, { leading: [2], sizes: [20, 150, 9, 10], causal: true });
    const all = run(engine, applied);
    for (const unread of all.keys()) {
      const kept = (outputs: readonly TypedArray[]) => outputs.filter((_, i) => i !== unread).map(bytesOf);
      expect(kept(run(engine, applied, [unread])), `without ${unread}`).toEqual(kept(all));
    }
  });

  it.each<[string, number]>([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['a score whose exponential overflows', 1e4],
  ])('%s among the scores goes where the reference has it', (_, value) => {
    const applied = application('attention', { leading: [2], sizes: [3, 20, 2, 3], mask: [3, 20] });
    const inputs = applied.inputs.map((input, i) => (i === 3 ? changed(input, (x, place) => (place === 22 ? value : x)) : input));
    expect(differenceFromReference(engine, { ...applied, inputs }, 1e-5)).toBeNull();
  });
});

it.each(names)('%s gives the same bits with 1, 2, 3 and 7 threads', (name) => {
  for (const leading of [[1], [9]]) {
    const applied = application(name, { leading, sizes: [140, 300, 8, 8], p: 0.1 });
    const [first, ...others] = teams.map(({ engine }) => run(engine, applied).map(bytesOf));
    for (const other of others) expect(other).toEqual(first);
  }
});

/** Small ones with any mask that broadcasts. */
function cases(): fc.Arbitrary<Case> {
  const size = fc.oneof(fc.nat(9), fc.integer({ min: 1, max: 70 }));
  return fc
    .record({
      leading: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      sizes: fc.tuple(size, size, fc.nat(40), fc.nat(40)),
      causal: fc.boolean(),
      p: fc.constantFrom(undefined, undefined, 0, 0.3, 1),
      repeated: fc.option(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })),
      missing: fc.nat(4),
      hides: fc.boolean(),
      dtype: fc.constantFrom<DType>('float32', 'float32', 'float64'),
    })
    .map(({ repeated, missing, p, ...one }) => {
      const weights = [...one.leading, one.sizes[0], one.sizes[1]];
      const mask = repeated === null ? {} : { mask: weights.map((length, dim) => (repeated[dim] ? 1 : length)).slice(missing) };
      return { ...one, ...mask, ...(p === undefined ? {} : { p }) };
    });
}

function application(primitive: (typeof names)[number], one: Case): Applied {
  const { leading, sizes, causal = false, p } = one;
  const [rows, columns, width, valueWidth] = sizes;
  const tensorOf = (matrix: Shape, seed: number, most = 1) => numbers([...leading, ...matrix], seed, one.dtype, -most, most);
  const [query, key, value] = [tensorOf([rows, width], 1), tensorOf([columns, width], 2), tensorOf([columns, valueWidth], 3)];
  const gradients = [tensorOf([rows, valueWidth], 4), tensorOf([rows, valueWidth], 5), tensorOf([rows], 6)] as const;
  const [gradient, output, others] = gradients;
  // Scores lie within 2: so do these, and no weight is beyond e³.
  const logSumExp = {
    ...others,
    data: others.data.map((x, i) => (one.hides && i % 5 === 1 ? Number.NEGATIVE_INFINITY : x + 2)),
  } as Elements;
  const operands = primitive === 'attention' ? [query, key, value] : [gradient, query, key, value, output, logSumExp];
  return {
    primitive,
    inputs: [...operands, ...masksOf(one)],
    params: { causal, dropout: p !== undefined },
    scalars: [2 / Math.max(width, 1), p ?? 0, 123456789, 4000000000, 0, 7],
  };
}

function masksOf({ mask, hides, dtype }: Case): readonly Elements[] {
  if (mask === undefined) return [];
  const columns = mask.at(-1) ?? 1;
  const added = numbers(mask, 9, dtype, -1, 0);
  const isHidden = (i: number) => hides && (i % 7 === 3 || Math.floor(i / columns) % 5 === 1);
  return [changed(added, (x, i) => (isHidden(i) ? Number.NEGATIVE_INFINITY : x))];
}

function numbers(shape: Shape, seed: number, dtype: DType = 'float32', least = -1, most = 1): Elements {
  return { shape, dtype, data: typedArrayOf(noise(shape, { dtype, seed, least, most })) };
}

function changed({ shape, dtype, data }: Elements, change: (x: number, place: number) => number): Elements {
  return { shape, dtype, data: data.map(change) };
}

function foundIn(engine: Engine, name: (typeof names)[number], one: Case): string | null {
  return differenceFromReference(engine, application(name, one), one.dtype === 'float64' ? 1e-12 : 1e-5);
}

function run(engine: Engine, { primitive, inputs, params = {}, scalars = [] }: Applied, unread: readonly number[] = []) {
  const outputs = [inferSpecs(primitive, inputs, params)].flat();
  const encoding = encode(primitive, { inputs, outputs, params });
  return runEncoding(engine, encoding, { inputs: inputs.map(({ data }) => data), outputs, scalars, unread });
}

function bytesOf({ buffer }: TypedArray): string {
  return Buffer.from(buffer).toString('base64');
}
