import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parityTable } from './parityTable.ts';
import { primitivesTable } from './primitivesTable.ts';

it('docs/primitives.md is what the tables say (else: npm run docs:tables)', async () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../../docs/primitives.md'), 'utf8')).toBe(await primitivesTable());
});

it('docs/parity.md is what our exports and PyTorch’s names say (else: npm run docs:tables)', () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../../docs/parity.md'), 'utf8')).toBe(parityTable());
});
