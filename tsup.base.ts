import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { defineConfig } from 'tsup';
import { buildInputs, buildStamp, root } from './scripts/workspace.mjs';

/** The build of one package: dependencies stay external, entries share their chunks. `DL_BUILD=scripts` leaves out the declarations. */
export const packageConfig = (entry: Record<string, string>) => {
  const folder = relative(root, process.cwd());
  const inputs = buildInputs(folder);
  return defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: [/^node:/],
    removeNodeProtocol: false,
    splitting: true,
    sourcemap: true,
    clean: true,
    silent: true,
    dts: process.env.DL_BUILD !== 'scripts',
    onSuccess: async () => remember(buildStamp(folder), inputs),
  });
};

export default packageConfig({ index: 'src/index.ts' });

function remember(stamp: string, inputs: string) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
}
