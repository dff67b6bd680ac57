import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { primitivesTable } from './primitivesTable.ts';

it('docs/primitives.md is what the tables say (else: npm run docs:tables)', async () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../../docs/primitives.md'), 'utf8')).toBe(await primitivesTable());
});
