import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBackend } from '../backends.ts';
import { type Flags, oneOf } from '../flags.ts';
import { pageOf } from './page.ts';
import { measureAll, peerCases } from './results.ts';
import { rowsOf } from './rows.ts';
import { root } from './run.ts';
import { rowTable, textTable } from './table.ts';
import { timingsTable } from './timings.ts';

/** @dl beside the peers that are installed: the table of what must hold. */
export async function benchPeers(flags: Flags): Promise<void> {
  const cases = flags.words.length === 0 ? peerCases : flags.words.map((word) => oneOf('case', word, peerCases));
  const results = await measureAll(cases, flags);
  const rows = rowsOf(results).filter(({ ratio }) => ratio !== null || flags.words.length === 0);
  console.log(`${textTable(timingsTable(results))}\n\n${textTable(rowTable(rows))}`);
  for (const [name, version] of Object.entries(results.versions))
    if (version === null) console.error(`${name} is not installed; bench/peers/README.md says how`);
  if (!flags.write) return;
  const { description } = await openBackend(flags, Math.max(...flags.threads));
  await writeFile(join(root, 'docs/benchmarks.md'), pageOf(rows, results, description));
}
