import { readFileSync } from 'node:fs';
import { DlError } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { construct } from './testing/modules.ts';

interface Setting {
  readonly module: string;
  readonly arguments: readonly unknown[];
}

const files = [
  'activations',
  'layers',
  'losses',
  'losses2',
  'normalization',
  'dropouts',
  'embeddings',
  'convolutions',
  'pooling',
  'padding',
  'upsampling',
];
const settings = files.flatMap((file): readonly Setting[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8')),
);
/** One setting of each module with each combination of options. */
const distinct = [...new Map(settings.map((setting) => [keyOf(setting), setting])).values()];

describe('a module whose settings are those that PyTorch has recorded', () => {
  for (const odd of [Number.NaN, '3', {}]) {
    test.each(distinct)(
      `$module $arguments refuses ${Number.isNaN(odd) ? 'NaN' : JSON.stringify(odd)} in the place of any number, before any work`,
      ({ module, arguments: given }) => {
        for (const spoilt of spoiltBy(odd, module, given)) expect(() => construct(module, spoilt), JSON.stringify(spoilt)).toThrow(DlError);
      },
    );
  }
});

function keyOf({ module, arguments: given }: Setting): string {
  const last = given.at(-1);
  return `${module} ${given.length} ${typeof last === 'object' && last !== null ? Object.keys(last).sort() : ''}`;
}

/** Copies with one number replaced, wherever it lies; tensors stay as they are. */
function spoiltBy(odd: unknown, module: string, given: readonly unknown[]): readonly (readonly unknown[])[] {
  const places = placesOf(given).filter(([first]) => !(Number.isNaN(odd) && isPaddedWith(module, first)));
  return places.map((path) => replaced(given, path, odd) as readonly unknown[]);
}

/** What a padding is made of may be any number, NaN as well. */
function isPaddedWith(module: string, argument: string | undefined): boolean {
  return module.startsWith('ConstantPad') && argument === '1';
}

function placesOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value === 'number') return [[]];
  if (typeof value !== 'object' || value === null || 'dtype' in value) return [];
  return Object.entries(value).flatMap(([key, part]) => placesOf(part).map((path) => [key, ...path]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const part = replaced((value as Readonly<Record<string, unknown>>)[key], rest, odd);
  return Array.isArray(value) ? value.map((old, i) => (String(i) === key ? part : old)) : { ...(value as object), [key]: part };
}
