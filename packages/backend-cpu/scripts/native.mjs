// The shared objects of one platform: kernels at the variant's instruction set, everything else at the baseline, so that any processor can load them.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileAll, make } from './objects.mjs';
import { buildFolder, kernelFolder, sourcesFor } from './sources.mjs';

/** @typedef {{ command: string[], version: string, isZig: boolean }} Compiler */
/** `name` is its folder's. @typedef {{ name: string, platform: string, arch: string }} Target */

/** By architecture: how the kernels of each variant are compiled. @type {Record<string, Record<string, string[]>>} */
export const nativeVariants = {
  x64: {
    avx512: ['-march=x86-64-v4', '-mtune=icelake-server', '-mprefer-vector-width=512'],
    avx2: ['-march=x86-64-v3', '-mtune=haswell'],
  },
  arm64: { neon: [] },
};

const always = ['-std=gnu11', '-fvisibility=hidden', '-fPIC', '-pthread', '-Wall', '-Wextra', '-ffp-contract=off'];
/** Of `always`: what Windows has no word for. */
const unixOnly = ['-fPIC', '-pthread'];
const watched = ['-O1', '-g', '-fno-omit-frame-pointer'];
/** How code is compiled to be fast, or to be watched by a sanitizer. */
export const modes = {
  fast: ['-O3', '-fno-math-errno', '-fno-trapping-math'],
  address: [...watched, '-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'],
  thread: [...watched, '-fsanitize=thread'],
};

/** The local compiler, `CC` first; undefined if there is none. @returns {Compiler | undefined} */
export function findCompiler() {
  const named = process.env.CC?.trim();
  for (const command of named ? [named.split(/\s+/)] : [['cc'], ['gcc'], ['clang']]) {
    const [program = '', ...rest] = command;
    const { status, stdout } = spawnSync(program, [...rest, '--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout, isZig: false };
  }
  return undefined;
}

/** Zig's Clang, which has the libraries of every system with it: what `ZIG` names, or of the path, or of Python. @returns {Compiler | undefined} */
export function findZig(/** @type {string} */ target) {
  const named = process.env.ZIG?.trim();
  for (const zig of named ? [named.split(/\s+/)] : [['zig'], ['python3', '-m', 'ziglang'], ['python', '-m', 'ziglang']]) {
    const [program = '', ...rest] = zig;
    const { status, stdout } = spawnSync(program, [...rest, 'version'], { encoding: 'utf8' });
    if (status === 0) return { command: [...zig, 'cc', '-target', target], version: stdout, isZig: true };
  }
  return undefined;
}

/** Why this compiler can't make a variant: it is too old for the instruction set, or lacks the system's headers. */
export function obstacleOf(/** @type {Compiler} */ { command: [program = '', ...rest], isZig }, /** @type {string[]} */ flags) {
  if (isZig) return undefined;
  const input = '#include <pthread.h>\n#include <stdatomic.h>\n#include <stdlib.h>\n';
  const { status, stderr } = spawnSync(program, [...rest, ...flags, '-E', '-x', 'c', '-'], { input, encoding: 'utf8' });
  return status === 0 ? undefined : (stderr.split('\n').find((line) => line.includes('error')) ?? `${program} fails`);
}

/**
 * Builds a variant into `build/<target>/<variant>.node`; returns what went wrong.
 * @param {Compiler} compiler @param {Target} target @param {string} variant @param {boolean} sanitize
 */
export async function buildNative(compiler, target, variant, sanitize) {
  const kernelFlags = nativeVariants[target.arch]?.[variant];
  if (!kernelFlags) return [`no variant '${variant}' for ${target.arch}`];
  const usual = target.platform === 'win32' ? always.filter((flag) => !unixOnly.includes(flag)) : always;
  const common = [...usual, ...(sanitize ? modes.address : modes.fast)];
  const { objects, problems } = await compileNative(compiler, variant, common, kernelFlags);
  const output = join(buildFolder, `${target.name}${sanitize ? '-sanitized' : ''}`, `${variant}.node`);
  const words = [...common, ...objects, ...linkFlags(compiler, target)];
  const problem = await make(output, [...compiler.command, compiler.version, ...words], (draft) =>
    run(compiler.command, [...words, '-o', draft]),
  );
  return problem ? [...problems, problem] : problems;
}

/**
 * The objects of all C files that are wanted, and what went wrong.
 * @param {Compiler} compiler @param {string} variant @param {string[]} common @param {string[]} kernelFlags
 * @param {(file: string) => boolean} isWanted
 */
function compileNative(compiler, variant, common, kernelFlags, isWanted = () => true) {
  const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
  const own = {
    kernel: [...common, ...(compiler.isZig ? inZigsWords(kernelFlags) : kernelFlags)],
    other: [...common, `-DDL_${variant.toUpperCase()}`, '-isystem', headers],
  };
  const sources = sourcesFor('native').filter(({ file }) => isWanted(file));
  const jobs = sources.map(({ file, isKernel }) => jobOf(compiler, file, isKernel ? own.kernel : own.other));
  return compileAll(variant, jobs);
}

/** What of the addon speaks to Node. */
const boundary = new Set(['addon.c', 'arguments.c', 'session.c']);

/**
 * Builds scripts/replay.c with the kernels, without Node, into `build/replay-<mode>-<variant>`; returns its path, and what went wrong.
 * @param {Compiler} compiler @param {string} variant @param {keyof typeof modes} mode @param {string[]} kernelFlags
 */
export async function buildReplay(compiler, variant, mode, kernelFlags) {
  const common = [...always, ...modes[mode]];
  const compiled = await compileNative(compiler, variant, common, kernelFlags, (file) => !boundary.has(file));
  const path = join(buildFolder, `replay-${mode}-${variant}`);
  const source = fileURLToPath(new URL('replay.c', import.meta.url));
  const words = [...common, source, ...compiled.objects, '-lm'];
  const ingredients = [...compiler.command, compiler.version, ...words, readFileSync(source, 'utf8')];
  const problem = await make(path, ingredients, (draft) => run(compiler.command, [...words, '-o', draft]));
  return { path, problems: problem ? [...compiled.problems, problem] : compiled.problems };
}

function jobOf(/** @type {Compiler} */ { command, version }, /** @type {string} */ file, /** @type {string[]} */ flags) {
  const path = join(kernelFolder, file);
  const compile = (/** @type {string} */ object) => run(command, [...flags, '-c', path, '-o', object]);
  return { file: path, key: [...command, version, ...flags], compile };
}

/** Zig has its own names of processors, and no flag to tune for one that need not be there. */
const inZigsWords = (/** @type {string[]} */ flags) =>
  flags.filter((flag) => !flag.startsWith('-mtune=')).map((flag) => flag.replace(/^-march=x86-64-/, '-march=x86_64_'));

/** Node-API's functions are the program's that loads the library. */
function linkFlags(/** @type {Compiler} */ { isZig }, /** @type {Target} */ { platform }) {
  if (platform === 'darwin')
    return isZig ? ['-shared', '-s', '-Wl,-undefined,dynamic_lookup'] : ['-bundle', '-undefined', 'dynamic_lookup'];
  if (platform === 'win32') return ['-shared', '-s'];
  return ['-shared', ...(isZig ? ['-s'] : []), '-Wl,-z,now', '-lm'];
}

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
