import { afterEach, describe, expect, it } from 'vitest';
import { useBackend } from './currentBackend.ts';
import { ArgumentError } from './errors.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { defaultPrintOptions } from './format.ts';
import { add } from './functions/arithmetic.ts';
import { ones, zeros } from './functions/creation.ts';
import { tensor } from './functions/fromData.ts';
import { repr, setPrintOptions } from './printing.ts';
import { reference } from './reference/backend.ts';
import { deferred } from './testing/deferredBackend.ts';

afterEach(() => {
  setPrintOptions(defaultPrintOptions);
  useBackend(reference());
});

describe('repr', () => {
  it('evaluates where the backend is synchronous', () => {
    expect(repr(add(ones([2]), 0.5))).toBe('tensor([1.5000, 1.5000])');
    expect(repr(zeros([0, 2]))).toBe('tensor([], size=(0, 2))');
  });

  it('evaluates nothing where the backend is not', async () => {
    useBackend(deferred(reference()));
    const leaf = tensor([[1, 2, 3]]);
    const x = add(leaf, 1);
    expect(repr(x)).toBe('tensor(<unevaluated>, shape=[1, 3], dtype=float32)');
    expect(x.value.storage).toBeNull();
    expect(repr(ones([], { dtype: 'int32' }))).toBe('tensor(<unevaluated>, shape=[], dtype=int32)');
    await evaluate(x);
    expect(repr(x)).toBe(`tensor(<on ${leaf.value.storage?.buffer.backend.name}>, shape=[1, 3], dtype=float32)`);
  });
});

describe('setPrintOptions', () => {
  it('changes what it is told and keeps the rest', () => {
    setPrintOptions({ precision: 1 });
    setPrintOptions({ threshold: 4, edgeItems: 1 });
    expect(repr(tensor([0.25, 1, 2, 3, 4]))).toBe('tensor([0.2,  ..., 4.0])');
  });

  it.each([{ precision: -1 }, { precision: 1.5 }, { edgeItems: 0 }, { threshold: Number.NaN }, { lineWidth: 0 }])(
    'refuses %j',
    (options) => {
      expect(() => setPrintOptions(options)).toThrow(ArgumentError);
      expect(repr(tensor([0.5]))).toBe('tensor([0.5000])');
    },
  );
});
