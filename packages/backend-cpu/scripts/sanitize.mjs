// `node scripts/sanitize.mjs [test …]`: the tests (all of this package, or those whose files are named) on native code built with
// address and undefined-behaviour sanitizers, then the samples table under valgrind, where there is one. Linux, with gcc.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { findCompiler } from './native.mjs';
import { buildFolder } from './sources.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
/** Those of x64; valgrind knows no AVX-512. */
const sanitizedVariants = ['avx512', 'avx2'];
const valgrindVariant = 'avx2';

const compiler = findCompiler();
if (!compiler || platform !== 'linux-x64') fail('sanitizers need Linux on x64 and a C compiler');
const libraries = ['libasan.so', 'libubsan.so'].map((name) => libraryOf(compiler.command, name));

compile(sanitizedVariants, ['--sanitize']);
const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
const config = [
  'run',
  '--root',
  root,
  '--config',
  join(root, 'vitest.workspace.ts'),
  '--project',
  '@dl/backend-cpu',
  '--testTimeout=300000',
];
run('the sanitizers', [process.execPath, vitest, ...config, ...process.argv.slice(2)], {
  LD_PRELOAD: libraries.join(' '),
  // Node keeps memory until it exits.
  ASAN_OPTIONS: 'detect_leaks=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
  DL_CPU_BINARIES: join(buildFolder, `${platform}-sanitized`),
  DL_CPU_VARIANTS: sanitizedVariants.join(','),
});

if (spawnSync('valgrind', ['--version']).status === 0) await runValgrind();
else process.stdout.write('no valgrind here\n');

async function runValgrind() {
  compile([valgrindVariant], []);
  const samples = join(buildFolder, 'samples.mjs');
  const entryPoints = [fileURLToPath(new URL('samples.mjs', import.meta.url))];
  await build({
    entryPoints,
    outfile: samples,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@dl/source'],
    logLevel: 'warning',
  });
  const suppressions = fileURLToPath(new URL('node.supp', import.meta.url));
  const words = [
    'valgrind',
    '-q',
    '--smc-check=all-non-file',
    `--suppressions=${suppressions}`,
    '--error-exitcode=9',
    process.execPath,
    samples,
  ];
  run('valgrind', words, { DL_CPU_BINARIES: join(buildFolder, platform) });
}

function compile(/** @type {string[]} */ variants, /** @type {string[]} */ options) {
  const script = fileURLToPath(new URL('build.mjs', import.meta.url));
  run('the compiler', [process.execPath, script, '--native', ...variants.flatMap((variant) => ['--variant', variant]), ...options]);
}

function libraryOf(/** @type {string[]} */ [program = '', ...rest], /** @type {string} */ name) {
  const path = spawnSync(program, [...rest, `-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
  return path.includes('/') ? path : fail(`${program} has no ${name}; CC=gcc names a compiler that may have it`);
}

function run(
  /** @type {string} */ name,
  /** @type {string[]} */ [program = '', ...rest],
  /** @type {Record<string, string>} */ variables = {},
) {
  const { status, signal } = spawnSync(program, rest, { cwd: root, stdio: 'inherit', env: { ...process.env, ...variables } });
  if (status !== 0) fail(`${name} found something: exit ${status ?? signal}`);
}

/** @returns {never} */
function fail(/** @type {string} */ reason) {
  console.error(reason);
  process.exit(1);
}
