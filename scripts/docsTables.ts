// Prints the tables of the documentation anew: run with `npm run docs:tables`.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parityTable } from '../packages/conformance/src/parityTable.ts';
import { primitivesTable } from '../packages/conformance/src/primitivesTable.ts';

writeFileSync(resolve(import.meta.dirname, '../docs/primitives.md'), await primitivesTable());
writeFileSync(resolve(import.meta.dirname, '../docs/parity.md'), parityTable());
