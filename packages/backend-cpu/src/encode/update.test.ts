import type { DType, Shape } from '@dl/tensor';
import { describe, expect, it } from 'vitest';
import { type Applied, differenceFromReference } from '../testing/differenceFromReference.ts';
import { type Elements, elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';
import { runEncoding } from '../testing/runEncoding.ts';
import { encode } from './index.ts';

const engines = await openEngines();
/** A tail of every vector, of a chunk, and of a piece. */
const sizes = [0, 1, 17, 1025, 40_003];
const floats = ['float32', 'float64'] as const;
/** Where a scalar or an intermediate is rounded: relative to its terms, a few units in the last place of float32. */
const tolerance = 2e-6;

describe.each(engines)('on $title', ({ engine }) => {
  describe.each(floats)('%s', (dtype) => {
    it.each(sizes)('updates %i elements, each output in memory of its own', (size) => {
      for (const [title, applied] of Object.entries(updates([size], dtype)))
        expect(differenceFromReference(engine, applied, boundOf(dtype)), title).toBeNull();
    });

    it.each(sizes)('updates %i elements in place', (size) => {
      for (const [title, applied] of Object.entries(updates([size], dtype))) {
        const inPlaceOf = [0, ...applied.inputs.slice(2).map((_, i) => i + 2)];
        expect(differenceFromReference(engine, { ...applied, inPlaceOf }, boundOf(dtype)), title).toBeNull();
      }
    });
  });

  it('updates what is read where nobody reads another output', () => {
    for (const [title, applied] of Object.entries(updates([40_003], 'float32')).filter(([name]) => name !== 'sgd'))
      for (const output of [0, 1]) expect(differenceFromReference(engine, { ...applied, unread: [output] }, tolerance), title).toBeNull();
  });

  it('lets a first moment die out, where arithmetic would become slow', () => {
    const of = (value: number): Float32Array<ArrayBuffer> => new Float32Array(40).fill(value);
    const spec = { shape: [40], dtype: 'float32' } as const;
    const inputs = [of(1), of(0), of(1.2e-38), of(0.5)];
    const adam = encode('adam', { inputs: [spec, spec, spec, spec], outputs: [spec, spec, spec], params: { decoupled: false } });
    expect(runEncoding(engine, adam, { inputs, outputs: [spec, spec, spec], scalars: adamScalars(0) })[1]).toEqual(of(0));
    const momentum = encode('sgdMomentum', { inputs: [spec, spec, spec], outputs: [spec, spec], params: { nesterov: false } });
    const found = runEncoding(engine, momentum, { inputs: inputs.slice(0, 3), outputs: [spec, spec], scalars: [0.1, 0, 0.9, 0] });
    expect(found).toEqual([of(1), of(0)]);
  });

  it('keeps what is not a number in the greatest second moments', () => {
    const of = (...data: number[]): Elements => ({ shape: [3], dtype: 'float32', data: Float32Array.from(data) });
    const inputs = [of(1, 1, 1), of(1, Number.NaN, 1), of(0, 0, 0), of(1, 1, 1), of(Number.NaN, 2, 2)];
    const applied = { primitive: 'adamAmsgrad', inputs, params: { decoupled: false }, scalars: adamScalars(0) } as const;
    expect(differenceFromReference(engine, applied, tolerance)).toBeNull();
  });
});

function boundOf(dtype: DType): number {
  return dtype === 'float32' ? tolerance : 1e-15;
}

function adamScalars(weightDecay: number): readonly number[] {
  return [0.001, weightDecay, 0.9, 0.999, 1e-8, 1 - 0.9 ** 3, 1 - 0.999 ** 3];
}

/** Every update with every switch. */
function updates(shape: Shape, dtype: DType): { readonly [title: string]: Applied } {
  const [parameter, gradient, moment] = [elements(shape, dtype, 1), elements(shape, dtype, 2), elements(shape, dtype, 3)];
  const [square, most] = [positive(elements(shape, dtype, 4)), positive(elements(shape, dtype, 5))];
  const momentum = { primitive: 'sgdMomentum', inputs: [parameter, gradient, moment], scalars: [0.1, 0.01, 0.9, 0.1] } as const;
  const adam = { primitive: 'adam', inputs: [parameter, gradient, moment, square] } as const;
  const amsgrad = { primitive: 'adamAmsgrad', inputs: [parameter, gradient, moment, square, most] } as const;
  const named = (title: string, applied: Applied) =>
    [0, 0.1].flatMap((decay) =>
      [false, true].map(
        (decoupled) => [`${title} ${decay} ${decoupled}`, { ...applied, params: { decoupled }, scalars: adamScalars(decay) }] as const,
      ),
    );
  return {
    sgd: { primitive: 'sgd', inputs: [parameter, gradient], scalars: [0.1, 0.01] },
    momentum: { ...momentum, params: { nesterov: false } },
    nesterov: { ...momentum, params: { nesterov: true } },
    ...Object.fromEntries([...named('adam', adam), ...named('amsgrad', amsgrad)]),
  };
}

function positive({ shape, dtype, data }: Elements): Elements {
  return { shape, dtype, data: data.map(Math.abs) as Elements['data'] };
}
