// The C files: kernels, the interpreter, and what only one of the two kinds of engine has.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const kernelFolder = fileURLToPath(new URL('../kernels', import.meta.url));
export const buildFolder = fileURLToPath(new URL('../build', import.meta.url));

/** @type {Record<'native' | 'wasm', readonly string[]>} */
const own = {
  native: [
    ...['addon.c', 'arguments.c', 'session.c', 'engine.c', 'loaded.c', 'pages.c', 'pool.c', 'threadTeam.c'],
    ...['threads.c', 'cores.c', 'processor.c', 'host.c'],
  ],
  wasm: ['wasm.c', 'loneTeam.c'],
};
const baseline = new Set([...own.native, ...own.wasm, 'interpreter.c']);

export function sourcesFor(/** @type {'native' | 'wasm'} */ kind) {
  return readdirSync(kernelFolder)
    .filter((file) => file.endsWith('.c') && (!baseline.has(file) || file === 'interpreter.c' || own[kind].includes(file)))
    .sort()
    .map((file) => ({ file, isKernel: !baseline.has(file) }));
}
