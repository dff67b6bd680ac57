// The same kernels as WebAssembly, by Clang that is itself WebAssembly: any machine can build them. They become modules that hold them as base64.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { compileAll, includesOf, make } from './objects.mjs';
import { kernelFolder, sourcesFor } from './sources.mjs';

/** @typedef {{ words: string[], files: Record<string, Uint8Array>, product: string }} Task */
/** @typedef {{ product?: Uint8Array, text: string }} Result */

/** @type {Record<string, string[]>} */
export const wasmVariants = { relaxed: ['-mrelaxed-simd'], plain: [] };

const clang = JSON.parse(readFileSync(new URL('../node_modules/@yowasp/clang/package.json', import.meta.url), 'utf8')).version;
const moduleFolder = fileURLToPath(new URL('../src/engine/generated', import.meta.url));
const flags = [
  '-O3',
  '-std=gnu11',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
];
const features = ['-msimd128', '-mbulk-memory', '-mnontrapping-fptoint'];
// Calls of the host's functions stay calls.
const imported = [...readFileSync(join(kernelFolder, 'numbers.h'), 'utf8').matchAll(/^NUMBERS?\((\w+)\);/gm)].map(
  ([, name]) => `-fno-builtin-${name}`,
);
// The stack comes first, so that it ends in a trap and not in the data.
const linkFlags = ['--no-entry', '--strip-all', '--export=__heap_base', '--stack-first', '-zstack-size=1048576', '--max-memory=4294967296'];

/** Builds `src/engine/generated/<variant>.ts`; returns what went wrong. */
export async function buildWasm(/** @type {string} */ variant) {
  const own = wasmVariants[variant];
  if (!own) return [`no variant '${variant}' of WebAssembly`];
  const lanes = new Lanes();
  const words = [...flags, ...features, ...imported, ...own];
  const { objects, problems } = await compileAll(
    `wasm ${variant}`,
    sourcesFor('wasm').map(({ file }) => jobOf(lanes, file, words)),
  );
  const linkWords = [
    'clang',
    '-nostdlib',
    ...linkFlags.map((flag) => `-Wl,${flag}`),
    ...objects.map((path) => basename(path)),
    '-o',
    'out.wasm',
  ];
  const problem = await make(moduleOf(variant), [clang, ...linkWords], async (draft) => {
    const files = Object.fromEntries(objects.map((path) => [basename(path), readFileSync(path)]));
    const { product, text } = await lanes.run({ words: linkWords, files, product: 'out.wasm' });
    if (product) writeFileSync(draft, moduleText(product));
    return { ok: product !== undefined, text };
  });
  lanes.close();
  return problem ? [...problems, problem] : problems;
}

/** Empty modules where there are none yet: the sources compile, and say at run time that WebAssembly was not built. */
export function ensureWasmModules() {
  mkdirSync(moduleFolder, { recursive: true });
  for (const variant of Object.keys(wasmVariants))
    if (!existsSync(moduleOf(variant))) writeFileSync(moduleOf(variant), moduleText(new Uint8Array(0)));
}

const moduleOf = (/** @type {string} */ variant) => join(moduleFolder, `${variant}.ts`);
const moduleText = (/** @type {Uint8Array} */ bytes) =>
  `/** Written by scripts/wasm.mjs. */\nexport const base64: string = '${Buffer.from(bytes).toString('base64')}';\n`;

function jobOf(/** @type {Lanes} */ lanes, /** @type {string} */ file, /** @type {string[]} */ words) {
  const path = join(kernelFolder, file);
  const compile = async (/** @type {string} */ object) => {
    const files = Object.fromEntries(includesOf(path).map((name) => [basename(name), readFileSync(name)]));
    const { product, text } = await lanes.run({ words: ['clang', ...words, '-c', file, '-o', 'out.o'], files, product: 'out.o' });
    if (product) writeFileSync(object, product);
    return { ok: product !== undefined, text };
  };
  return { file: path, key: [clang, ...words], compile };
}

/** As many Clangs as run at a time, each started when it is needed. */
class Lanes {
  /** @type {Lane[]} */
  #idle = [];
  #all = /** @type {Set<Lane>} */ (new Set());

  async run(/** @type {Task} */ task) {
    const lane = this.#idle.pop() ?? new Lane();
    this.#all.add(lane);
    const outcome = await lane.run(task);
    this.#idle.push(lane);
    return outcome;
  }

  close() {
    for (const lane of this.#all) lane.close();
  }
}

class Lane {
  #worker = new Worker(new URL('./clangWorker.mjs', import.meta.url));
  #settle = (/** @type {Result} */ _) => {};

  constructor() {
    this.#worker.on('message', (result) => this.#settle(result));
    this.#worker.on('error', (error) => this.#settle({ text: `clang: ${error.message}\n` }));
  }

  /** @returns {Promise<Result>} */
  run(/** @type {Task} */ task) {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage(task);
    });
  }

  close() {
    void this.#worker.terminate();
  }
}
