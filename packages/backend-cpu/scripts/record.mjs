// `node record.mjs FILE` (bundled by sanitize.mjs): runs the samples table and the large programs, and writes every run into a file.
import { closeSync, openSync, writeSync } from 'node:fs';
import { useBackend } from '@dl/tensor';
import { primitiveNames, runSample, samplesOf } from '@dl/tensor/testing';
import { CpuBackend } from '../src/backend.ts';
import { openEngine } from '../src/engine/open.ts';
import { largePrograms } from '../src/testing/largePrograms.ts';
import { RecordingEngine } from '../src/testing/recordingEngine.ts';

const file = openSync(process.argv[2] ?? '', 'w');
const { engine } = await openEngine({ engine: 'native', threads: 1 });
useBackend(new CpuBackend(new RecordingEngine(engine, (block) => writeSync(file, block)), 'recorder', Number.POSITIVE_INFINITY));
for (const primitive of primitiveNames)
  for (const sample of samplesOf(primitive)) await Promise.all(runSample(primitive, sample).map((output) => output.data()));
for (const program of Object.values(largePrograms)) await Promise.all(program().map((output) => output.data()));
closeSync(file);
