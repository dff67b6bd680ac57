// The shared objects of one platform: kernels at the variant's instruction set, everything else at the baseline, so that any processor can load them.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileAll, make } from './objects.mjs';
import { buildFolder, kernelFolder, sourcesFor } from './sources.mjs';

/** @typedef {{ command: string[], version: string }} Compiler */
/** @typedef {{ platform: string, arch: string }} Target */

/** By architecture: how the kernels of each variant are compiled. @type {Record<string, Record<string, string[]>>} */
export const nativeVariants = {
  x64: {
    avx512: ['-march=x86-64-v4', '-mtune=icelake-server', '-mprefer-vector-width=512'],
    avx2: ['-march=x86-64-v3', '-mtune=haswell'],
  },
  arm64: { neon: [] },
};

const always = ['-std=gnu11', '-fvisibility=hidden', '-fPIC', '-pthread', '-Wall', '-Wextra', '-ffp-contract=off'];
const fast = ['-O3', '-fno-math-errno', '-fno-trapping-math'];
const sanitized = ['-O1', '-g', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

/** The local compiler, `CC` first; undefined if there is none. @returns {Compiler | undefined} */
export function findCompiler() {
  const named = process.env.CC?.trim();
  for (const command of named ? [named.split(/\s+/)] : [['cc'], ['gcc'], ['clang']]) {
    const [program = '', ...rest] = command;
    const { status, stdout } = spawnSync(program, [...rest, '--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout };
  }
  return undefined;
}

/** Why this compiler can't make a variant: it is too old for the instruction set, or lacks the system's headers. */
export function obstacleOf(/** @type {Compiler} */ { command: [program = '', ...rest] }, /** @type {string[]} */ flags) {
  const input = '#include <pthread.h>\n#include <stdatomic.h>\n#include <stdlib.h>\n';
  const { status, stderr } = spawnSync(program, [...rest, ...flags, '-E', '-x', 'c', '-'], { input, encoding: 'utf8' });
  return status === 0 ? undefined : (stderr.split('\n').find((line) => line.includes('error')) ?? `${program} fails`);
}

/**
 * Builds a variant into `build/<platform>-<arch>/<variant>.node`; returns what went wrong.
 * @param {Compiler} compiler @param {Target} target @param {string} variant @param {boolean} sanitize
 */
export async function buildNative(compiler, target, variant, sanitize) {
  const kernelFlags = nativeVariants[target.arch]?.[variant];
  if (!kernelFlags) return [`no variant '${variant}' for ${target.arch}`];
  const common = [...always, ...(sanitize ? sanitized : fast)];
  const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
  const own = { kernel: [...common, ...kernelFlags], other: [...common, `-DDL_${variant.toUpperCase()}`, '-isystem', headers] };
  const jobs = sourcesFor('native').map(({ file, isKernel }) => jobOf(compiler, file, isKernel ? own.kernel : own.other));
  const { objects, problems } = await compileAll(variant, jobs);
  const output = join(buildFolder, `${target.platform}-${target.arch}${sanitize ? '-sanitized' : ''}`, `${variant}.node`);
  const words = [...common, ...objects, ...linkFlags(target)];
  const problem = await make(output, [...compiler.command, compiler.version, ...words], (draft) =>
    run(compiler.command, [...words, '-o', draft]),
  );
  return problem ? [...problems, problem] : problems;
}

function jobOf(/** @type {Compiler} */ { command, version }, /** @type {string} */ file, /** @type {string[]} */ flags) {
  const path = join(kernelFolder, file);
  const compile = (/** @type {string} */ object) => run(command, [...flags, '-c', path, '-o', object]);
  return { file: path, key: [...command, version, ...flags], compile };
}

const linkFlags = (/** @type {Target} */ { platform }) =>
  platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-Wl,-z,now', '-lm'];

/** @returns {Promise<import('./objects.mjs').Outcome>} */
function run(/** @type {string[]} */ [program = '', ...first], /** @type {string[]} */ args) {
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    child.on('error', (error) => resolve({ ok: false, text: `${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, text }));
  });
}
