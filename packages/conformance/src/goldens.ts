import { readFileSync } from 'node:fs';
import { type Golden, goldenSets as ofLayers } from '@dl/nn/testing';
import { goldenSets as ofOptimizers } from '@dl/optim/testing';
import { type Backend, useBackend } from '@dl/tensor';
import { describe, test } from 'vitest';

/** PyTorch's records for every layer, loss and optimizer; see the `testing` entries of @dl/nn and @dl/optim for their tolerances. */
const goldenSets = [...ofLayers.map((set) => ({ ...set, place: 'nn' })), ...ofOptimizers.map((set) => ({ ...set, place: 'optim' }))];
type GoldenSet = (typeof goldenSets)[number];

export interface GoldenOptions {
  /** One record of each class or function, for a backend on which all take too long. */
  readonly oneOfEach?: boolean;
}

/** Tests of every record on a backend that is opened for them, to the tolerances of the reference. Sets in float64 need a backend that has it. */
export function testGoldens(title: string, open: () => Backend | Promise<Backend>, { oneOfEach = false }: GoldenOptions = {}): void {
  describe(`on ${title}`, async () => {
    const backend = await open();
    const sets = goldenSets.filter(({ dtype }) => backend.limits.dtypes.includes(dtype));
    describe.each(sets)('the golden $title', (set) => {
      const goldens = set.goldens(recordsOf(set));
      test.each(oneOfEach ? firstOfEach(goldens) : goldens)('$title is as in PyTorch', async ({ check }) => {
        useBackend(backend);
        await check();
      });
    });
  });
}

function firstOfEach(goldens: readonly Golden[]): readonly Golden[] {
  return [...new Map(goldens.toReversed().map((golden) => [golden.subject, golden])).values()].toReversed();
}

function recordsOf({ place, file }: GoldenSet): unknown {
  return JSON.parse(readFileSync(new URL(`../../${place}/fixtures/${file}.json`, import.meta.url), 'utf8'));
}
