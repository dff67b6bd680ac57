import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType } from './dtype.ts';
import { defaultPrintOptions, formatTensor, type PrintOptions } from './format.ts';

type Case = readonly [
  elements: readonly (number | string)[],
  shape: readonly number[],
  dtype: DType,
  options: Partial<PrintOptions>,
  text: string,
];

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../fixtures/printing.json', import.meta.url), 'utf8'));
const words: Record<string, number> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };

describe('formatTensor', () => {
  it.each(cases)('prints as PyTorch does, case %#', (elements, shape, dtype, options, text) => {
    const numbers = elements.map((element) => (typeof element === 'string' ? (words[element] ?? Number.NaN) : element));
    const data = dtype === 'float32' ? numbers.map(Math.fround) : numbers;
    expect(formatTensor(data, shape, dtype, { ...defaultPrintOptions, ...options })).toBe(text);
  });

  it('appends notes after the dtype', () => {
    expect(formatTensor([1, 2], [2], 'int32', defaultPrintOptions, ['requiresGrad=true'])).toBe(
      'tensor([1, 2], dtype=int32, requiresGrad=true)',
    );
  });
});
