// `node scripts/sanitize.mjs [address | thread | memory | addon …]`: looks for wrong memory and races in the native code; all four by
// default. Linux on x64, with gcc. Every run of the samples table and of the large programs is recorded, and replayed without Node
// (replay.c), so that a tool watches kernels and nothing else:
//   address  by address and undefined-behaviour sanitizers, with the vectors of AVX-512 and with the shortest
//   thread   by the thread sanitizer, four threads
//   memory   by valgrind, which knows what nobody has written; it knows no AVX-512
//   addon    the tests of what Node calls, built with the sanitizers of `address`
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildReplay, findCompiler, nativeVariants } from './native.mjs';
import { buildFolder } from './sources.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const recordings = join(buildFolder, 'recordings.bin');
/** Without any vectors of the processor's own: kernels use those of 16 bytes, as on NEON, and no instructions by name. */
const kernelFlags = { ...nativeVariants.x64, short: ['-march=x86-64-v2'] };
const addonVariant = 'avx512';

const compiler = findCompiler() ?? fail('there is no C compiler');
if (platform !== 'linux-x64') fail('sanitizers need Linux on x64');
const checks = {
  address: async () => {
    for (const variant of ['avx512', 'short']) await replay(variant, 'address', 2);
  },
  thread: () => replay('avx2', 'thread', 4),
  memory: () => replay('avx2', 'fast', 1, ['valgrind', '-q', '--error-exitcode=9'], ['undefined']),
  addon: testAddon,
};
const names = process.argv.slice(2);
const chosen = Object.entries(checks).filter(([name]) => names.length === 0 || names.includes(name));
if (chosen.length < names.length) fail(`there are ${Object.keys(checks).join(', ')}; got ${names.join(', ')}`);
await record();
for (const [name, check] of chosen) {
  const start = performance.now();
  process.stdout.write(`── ${name}\n`);
  await check();
  process.stdout.write(`${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}

async function record() {
  compile('avx2');
  const outfile = join(buildFolder, 'record.mjs');
  const entryPoints = [fileURLToPath(new URL('record.mjs', import.meta.url))];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', conditions: ['@dl/source'], logLevel: 'warning' });
  run('the recorder', [process.execPath, outfile, recordings], { DL_CPU_BINARIES: join(buildFolder, platform) });
}

/**
 * @param {keyof typeof kernelFlags} variant @param {keyof typeof import('./native.mjs').modes} mode @param {number} threads
 * @param {string[]} tool @param {string[]} options
 */
async function replay(variant, mode, threads, tool = [], options = []) {
  const { path, problems } = await buildReplay(compiler, variant, mode, kernelFlags[variant] ?? []);
  if (problems.length > 0) fail(problems.join('\n'));
  process.stdout.write(`${variant}: `);
  const variables = { UBSAN_OPTIONS: 'print_stacktrace=1', TSAN_OPTIONS: 'halt_on_error=1' };
  run(`${mode} of ${variant}`, [...tool, path, recordings, String(threads), ...options], variables);
}

function testAddon() {
  compile(addonVariant, ['--sanitize']);
  const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
  const project = ['--root', root, '--config', join(root, 'vitest.workspace.ts'), '--project', '@dl/backend-cpu'];
  const tests = ['native', 'environments', 'threads'].map((name) => `src/engine/${name}.test.ts`);
  run('the addon', [process.execPath, vitest, 'run', ...project, '--testTimeout=300000', ...tests], {
    LD_PRELOAD: ['libasan.so', 'libubsan.so'].map(libraryOf).join(' '),
    // Node keeps memory until it exits.
    ASAN_OPTIONS: 'detect_leaks=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    DL_CPU_BINARIES: join(buildFolder, `${platform}-sanitized`),
    DL_CPU_VARIANTS: addonVariant,
  });
}

function compile(/** @type {string} */ variant, /** @type {string[]} */ options = []) {
  const script = fileURLToPath(new URL('build.mjs', import.meta.url));
  run('the compiler', [process.execPath, script, '--native', '--variant', variant, ...options]);
}

function libraryOf(/** @type {string} */ name) {
  const [program = '', ...rest] = compiler.command;
  const path = spawnSync(program, [...rest, `-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
  return path.includes('/') ? path : fail(`${program} has no ${name}; CC=gcc names a compiler that may have it`);
}

function run(
  /** @type {string} */ name,
  /** @type {string[]} */ [program = '', ...rest],
  /** @type {Record<string, string>} */ variables = {},
) {
  const { status, signal, error } = spawnSync(program, rest, { cwd: root, stdio: 'inherit', env: { ...process.env, ...variables } });
  if (error) fail(`${program}: ${error.message}`);
  if (status !== 0) fail(`${name} found something: exit ${status ?? signal}`);
}

/** @returns {never} */
function fail(/** @type {string} */ reason) {
  console.error(reason);
  process.exit(1);
}
